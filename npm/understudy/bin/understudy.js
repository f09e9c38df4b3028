#!/usr/bin/env node
// Runs the command of this platform's package, as if it had been started itself: the same input and output, signals, exit
// code.
'use strict';

const { spawn } = require('node:child_process');
const { binaryPath } = require('../dist/binary.js');

let binary;
try {
  binary = binaryPath();
} catch (error) {
  console.error(`error: ${error.message}`);
  process.exit(2);
}

const child = spawn(binary, process.argv.slice(2), { stdio: 'inherit' });
const signals =
  process.platform === 'win32'
    ? ['SIGINT', 'SIGBREAK']
    : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];
for (const signal of signals) {
  process.on(signal, () => child.kill(signal));
}
child.on('error', error => {
  console.error(`error: ${binary} can't be run: ${error.message}`);
  process.exit(2);
});
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code);
  // What ended the command ends this process too, so that whoever waits for it is told the same.
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
});
