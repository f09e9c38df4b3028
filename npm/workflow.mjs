// Looks whether a file is a workflow, and runs its `run` lines as the workflow would:
//   node npm/workflow.mjs FILE FOLDER      FOLDER stands for the repository's root
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

const [file, folder] = process.argv.slice(2);
const { on, jobs } = parse(readFileSync(file, 'utf8'));
const need = (holds, what) => {
  if (!holds) throw new Error(`${file}: ${what}`);
};
need(on && jobs, 'a workflow has `on` and `jobs`');
for (const [name, { 'runs-on': machine, steps }] of Object.entries(jobs)) {
  need(machine && Array.isArray(steps), `the job ${name} needs \`runs-on\` and \`steps\``);
  for (const { uses, run, name: title } of steps) {
    need(!uses !== !run, `a step of ${name} has either \`uses\` or \`run\``);
    need(!uses || /^[\w-]+\/[\w-]+@v\d+$/.test(uses), `${uses} names no version`);
    if (!run) continue;
    console.log(`-- ${title ?? run}`);
    const { status } = spawnSync('bash', ['-e', '-c', run], { cwd: folder, stdio: 'inherit' });
    need(status === 0, `the step ended with ${status}: ${run}`);
  }
}
