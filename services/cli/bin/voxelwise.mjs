#!/usr/bin/env node
// Starts the command line with whatever Node there is: the TypeScript sources run under the Node 24 of the npm package
// `node`, which a clone of the repository installs.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageFolder = join(dirname(fileURLToPath(import.meta.url)), '..');

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(
    `Voxelwise needs Node 20.19 or newer, and this is Node ${process.versions.node}; install a newer one from https://nodejs.org.`,
  );
}

const source = join(packageFolder, 'src', 'main.ts');
runSource();

function runSource() {
  const kernel = join(
    packageFolder,
    '../../extensions/compute/src/kernels/threshold-mask/threshold-mask.wasm.generated.ts',
  );
  if (!existsSync(kernel)) {
    fail(
      'The compute kernels are not built yet (the packages were installed without scripts): run npm run build first.',
    );
  }
  const child = spawn(findNode24(), ['--conditions=voxelwise-source', source, ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  child.on('error', error => fail(`Voxelwise could not start Node 24 (${error.message}): run npm ci again.`));

  // Ctrl-C reaches the child by itself, being in the same process group; a signal sent to this process alone is passed
  // on. In both cases this process stays until the child has ended, and then ends the way the child did.
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  const pass = signal => child.kill(signal);
  for (const signal of signals) process.on(signal, pass);
  child.on('exit', (code, signal) => {
    for (const name of signals) process.off(name, pass);
    if (!signal) process.exit(code ?? 1);
    process.kill(process.pid, signal);
    // Reached where the signal does not end this process at once.
    setTimeout(() => process.exit(128 + (constants.signals[signal] ?? 0)), 100);
  });
}

/** The Node of the npm package `node`, or this one when it can run TypeScript itself. */
function findNode24() {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    const executable = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(executable)) return executable;
  } catch {
    // not installed
  }
  if (major >= 24) return process.execPath;
  fail('The npm package node (Node 24) is not installed completely: run npm ci without --ignore-scripts first.');
}
