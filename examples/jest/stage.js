// A portal and its identity provider on free ports, for one test file.
const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { createInterface } = require('node:readline');

exports.up = async (scenario = 'quickstart') => {
  const any = ['--portal-port', '0', '--idp-port', '0'];
  const child = spawn('understudy', ['up', scenario, '--quiet', '--output', 'json', ...any], { stdio: ['ignore', 'pipe', 'inherit'] });
  const failed = once(child, 'error').then(([error]) => Promise.reject(error));
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), failed]);
  return { ...JSON.parse(line), down: () => child.kill() };
};
