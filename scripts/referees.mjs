// Makes the Python environment of the referees (pydicom, highdicom, statsmodels) that tests compare with, in
// .voxelwise/referees.
// Does nothing when it is there with the same requirements.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, readFile, rm } from 'node:fs/promises';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const requirements = path.join(root, 'e2e', 'referees', 'requirements.txt');
const folder = path.join(root, '.voxelwise', 'referees');
const python = path.join(folder, 'bin', 'python');
/** Written last, so that an interrupted installation is begun anew. */
const installed = path.join(folder, 'requirements.txt');

if (existsSync(installed) && (await readFile(installed, 'utf8')) === (await readFile(requirements, 'utf8'))) {
  console.log('The referees are installed.');
} else {
  await rm(folder, { recursive: true, force: true });
  run('python3', ['-m', 'venv', folder], 'On Debian, install the package python3-venv.');
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements], '');
  await copyFile(requirements, installed);
  console.log('Installed the referees.');
}

function run(command, args, hint) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status === 0) return;
  console.error(`${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}. ${hint}`);
  process.exit(1);
}
