// Makes src/control-api.ts, the types of the control API, from the document that a running stage serves:
//   UNDERSTUDY_BINARY=… node scripts/generate.mjs [FILE]
import { writeFile } from 'node:fs/promises';
import openapiTypescript, { astToString } from 'openapi-typescript';
import { startStage } from '../index.mjs';

const file = process.argv[2] ?? new URL('../src/control-api.ts', import.meta.url);
const head = `// Made by \`npm run generate\` from the control API's OpenAPI document. Do not edit.\n\n`;

const stage = await startStage();
try {
  const answer = await fetch(`${stage.control.url}/openapi.json`);
  // What has a default may be left out of a request, and is in every answer that has it.
  const types = await openapiTypescript(await answer.text(), { defaultNonNullable: false });
  await writeFile(file, head + astToString(types));
} finally {
  await stage.stop();
}
