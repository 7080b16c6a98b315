import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

// Independent programs that judge what is written and computed here: dciodvfy, pydicom, highdicom, statsmodels. For unit tests.

const PYTHON = path.join(import.meta.dirname, '..', '..', '.voxelwise', 'referees', 'bin', 'python');
const DCIODVFY = '/usr/bin/dciodvfy';
const DCMCONV = '/usr/bin/dcmconv';

/** Whether the packages of requirements.txt are installed; in CI they must be. */
export function hasPythonReferees(): boolean {
  return isThere(PYTHON, 'the Python referees (npm run referees)');
}

/** Whether dciodvfy is installed; in CI it must be. */
export function hasDciodvfy(): boolean {
  return isThere(DCIODVFY, 'dciodvfy (Debian package dicom3tools)');
}

/** Whether dcmconv is installed; in CI it must be. */
export function hasDcmconv(): boolean {
  return isThere(DCMCONV, 'dcmconv (Debian package dcmtk)');
}

function isThere(file: string, what: string): boolean {
  if (existsSync(file)) return true;
  if (process.env.CI) throw new Error(`CI is set, but ${what} is missing.`);
  console.warn(`Skipped: ${what} is not here.`);
  return false;
}

/** Runs a script of this folder with the packages of requirements.txt; what it prints is JSON. */
export function runReferee(script: string, ...args: readonly string[]): unknown {
  const file = path.join(import.meta.dirname, script);
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-W', 'ignore', file, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${script} failed:\n${stderr}`);
  return JSON.parse(stdout) as unknown;
}

/** What dciodvfy calls an error in a file; an empty list is a pass. */
export function dciodvfyErrors(bytes: Uint8Array): string[] {
  return withFile(bytes, file => {
    const { stderr, error } = spawnSync(DCIODVFY, [file], { encoding: 'utf8' });
    if (error) throw error;
    return stderr.split('\n').filter(line => /^Error/i.test(line));
  });
}

/** The same data set as dcmconv writes it: "+ti" in implicit VR, "-e" with sequences of undefined length. */
export function rewritten(bytes: Uint8Array, ...options: readonly string[]): Uint8Array {
  return withFile(bytes, file => {
    const { status, stderr, error } = spawnSync(DCMCONV, [...options, file, file], { encoding: 'utf8' });
    if (error ?? status !== 0) throw error ?? new Error(`dcmconv failed:\n${stderr}`);
    return new Uint8Array(readFileSync(file));
  });
}

function withFile<T>(bytes: Uint8Array, use: (file: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'voxelwise-referee-'));
  try {
    const file = path.join(folder, 'object.dcm');
    writeFileSync(file, bytes);
    return use(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Files in a folder that the end of the test file removes. */
export function temporaryFiles(): (name: string, bytes: Uint8Array | string) => string {
  const folder = mkdtempSync(path.join(tmpdir(), 'voxelwise-referee-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return (name, bytes) => {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return file;
  };
}
