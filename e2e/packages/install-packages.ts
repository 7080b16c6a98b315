import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { REPOSITORY } from '../support/paths.ts';

export interface InstalledPackage {
  readonly name: string;
  /** Where it is unpacked. */
  readonly folder: string;
  /** Every file in it, relative to the folder, with forward slashes. */
  readonly files: readonly string[];
}

const FOLDERS = [
  'services/contract',
  'extensions/compute',
  'extensions/dicom',
  'extensions/host',
  'extensions/records',
  'extensions/calcium',
  'extensions/perfusion',
  'modes/calcium',
  'modes/perfusion',
];

/**
 * Builds the packages, packs them as for publishing, and unpacks them into `<application>/node_modules`, which is what
 * installing them does.
 * @throws Error with what the failing program printed
 */
export async function installPackages(work: string, application: string): Promise<InstalledPackage[]> {
  run(process.execPath, ['scripts/build-packages.mjs'], REPOSITORY);
  const installed: InstalledPackage[] = [];
  for (const folder of FOLDERS) installed.push(await install(path.join(REPOSITORY, folder), work, application));
  return installed;
}

async function install(source: string, work: string, application: string): Promise<InstalledPackage> {
  const { name, version } = JSON.parse(await readFile(path.join(source, 'package.json'), 'utf8'));
  run('npm', ['pack', '--pack-destination', work], source);
  const folder = path.join(application, 'node_modules', name);
  await mkdir(folder, { recursive: true });
  const tarball = path.join(work, `${name.slice(1).replace('/', '-')}-${version}.tgz`);
  run('tar', ['-xzf', tarball, '--strip-components=1', '-C', folder], work);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
  return { name, folder, files };
}

function run(program: string, programArguments: readonly string[], folder: string): void {
  execFileSync(program, programArguments, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
}
