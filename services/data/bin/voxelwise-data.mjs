#!/usr/bin/env node
// Starts the data service's command line with whatever Node there is: the TypeScript sources run under the Node 24 of the npm package
// `node`, which a clone of the repository installs.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageFolder = join(dirname(fileURLToPath(import.meta.url)), '..');
const child = spawn(
  findNode24(),
  ['--conditions=voxelwise-source', join(packageFolder, 'src', 'main.ts'), ...process.argv.slice(2)],
  {
    stdio: 'inherit',
  },
);
child.on('error', error => fail(`The data service could not start Node 24 (${error.message}): run npm ci again.`));

// Ctrl-C reaches the child by itself; a signal sent to this process alone is passed on. This process ends the way the child did.
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
for (const signal of signals) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));

/** The Node of the npm package `node`, or this one when it can run TypeScript itself. */
function findNode24() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    const executable = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(executable)) return executable;
  } catch {
    // not installed
  }
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  return fail('The npm package node (Node 24) is not installed completely: run npm ci without --ignore-scripts first.');
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
