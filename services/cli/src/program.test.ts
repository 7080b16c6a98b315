import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { constants, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { CalciumResult } from './calcium/result.ts';
import { fillBox, storedVolume, temporaryFolders, writeSeries } from './testing/ct-series.test-support.ts';

/** The program as a user starts it, with whatever Node runs the tests. */
const PROGRAM = join(__dirname, '../bin/voxelwise.mjs');
const newFolder = temporaryFolders();
jest.setTimeout(60_000);

const voxelwise = (...args: string[]) => spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' });
const shell = (script: string, ...args: string[]) =>
  spawnSync('bash', ['-c', script, 'bash', process.execPath, PROGRAM, ...args], { encoding: 'utf8' });
const block = () => fillBox(storedVolume(6, 64, 64), [2, 3], [10, 14], [10, 14], 300);

test('scores a folder: JSON on stdout, nothing on stderr, exit code 0', () => {
  const { status, stdout, stderr } = voxelwise('calcium', writeSeries(newFolder(), { stored: block() }), '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const result = JSON.parse(stdout) as CalciumResult;
  expect(result.total.agatston).toBe(12);
  const { version } = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { version: string };
  expect(result.convention.software).toEqual({ name: 'voxelwise', version });
});

test('refuses with exit code 2 and one sentence on stderr', () => {
  const { status, stdout, stderr } = voxelwise('calcium', newFolder(), '--json');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^There is no DICOM in [^\n]+\.\n$/);
});

test('text and JSON survive a pipe, and a reader that stops early is no error', () => {
  const stored = storedVolume(2, 64, 64);
  const folder = writeSeries(newFolder(), { stored });
  // Many regions make more output than a pipe holds.
  const rois = Array.from({ length: 3000 }, (_, i) => ({
    name: `region ${i}`,
    centre: [i % 64, 3],
    radiusMm: 1,
    slices: [0, 1],
  }));
  const roisPath = join(newFolder(), 'rois.json');
  writeFileSync(roisPath, JSON.stringify(rois));
  const piped = shell(
    'set -o pipefail; "$1" "$2" calcium "$3" --rois "$4" --json | (sleep 0.2; cat)',
    folder,
    roisPath,
  );
  expect(piped.status).toBe(0);
  expect((JSON.parse(piped.stdout) as CalciumResult).regions.length).toBe(3000);
  const head = shell('set -o pipefail; "$1" "$2" calcium "$3" --rois "$4" --json | head -n 1', folder, roisPath);
  expect(head).toMatchObject({ status: 0, stdout: '{\n', stderr: '' });
});

/**
 * Opens a named pipe for writing as soon as the program reads from it. Without waiting in the system, because that would never end
 * where the program cannot start.
 */
async function openOnceRead(pipe: string, program: ChildProcess): Promise<FileHandle> {
  for (let attempt = 0; attempt < 600; attempt++) {
    try {
      return await open(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error; // ENXIO: nobody reads
    }
    if (program.exitCode !== null || program.signalCode !== null) break;
    await setTimeout(50);
  }
  program.kill('SIGKILL');
  throw new Error('The program did not read its regions.');
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s ends the program, and Node 24 that it started', async signal => {
  // The program waits for its regions: opening the pipe succeeds once it reads there, and nothing is ever written.
  const regionsPipe = join(newFolder(), 'rois.json');
  execFileSync('mkfifo', [regionsPipe]);
  const args = ['calcium', newFolder(), '--rois', regionsPipe];
  const program = spawn(process.execPath, [PROGRAM, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise(resolve => program.on('exit', (...end) => resolve(end)));
  // Closes when the last process that writes to it has ended.
  const isOutputClosed = new Promise(resolve => program.stdout.on('close', () => resolve(true)).resume());
  const writer = await openOnceRead(regionsPipe, program);
  program.kill(signal);
  expect(await ended).toEqual([null, signal]);
  expect(await isOutputClosed).toBe(true);
  await writer.close();
});

test('runs from any folder, on a folder with a space in its name', () => {
  const folder = writeSeries(join(newFolder(), 'CT of today'), { stored: block() });
  const options = { cwd: join(folder, '..'), encoding: 'utf8' } as const;
  const { status, stdout } = spawnSync(process.execPath, [PROGRAM, 'calcium', 'CT of today', '--json'], options);
  expect(status).toBe(0);
  expect((JSON.parse(stdout) as CalciumResult).total.agatston).toBe(12);
});

test('kernels that are not built are named in one sentence', () => {
  // A copy of the program in a tree that has the sources and no generated files.
  const root = newFolder();
  const bin = join(root, 'services/cli/bin');
  mkdirSync(bin, { recursive: true });
  mkdirSync(join(root, 'services/cli/src'));
  writeFileSync(join(root, 'services/cli/src/main.ts'), '');
  writeFileSync(join(bin, 'voxelwise.mjs'), readFileSync(PROGRAM));
  const { status, stderr } = spawnSync(process.execPath, [join(bin, 'voxelwise.mjs')], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(/^[^\n]+run npm run build first\.\n$/);
});
