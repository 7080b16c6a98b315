import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cardiacStudy } from './cardiac-study.ts';
import type { SampleGenerator } from './sample-generator.ts';
import { strokeStudy } from './stroke-study.ts';

/** A study that `npm start` offers: DICOM files and `truth.json` in one folder. */
export interface SampleStudy {
  readonly name: string;
  readonly folder: string;
}

export interface EnsureSamplesOptions {
  readonly onProgress?: (message: string) => void;
}

const generators: readonly SampleGenerator[] = [cardiacStudy, strokeStudy];

/**
 * Makes sure that the sample studies lie in `folder`: generates those that are missing or come from another generator version,
 * and leaves the others alone. A study appears at once and complete, by renaming a finished folder; nothing half-written stays
 * when it is interrupted or `onProgress` throws.
 */
export async function ensureSamples(folder: string, options: EnsureSamplesOptions = {}): Promise<SampleStudy[]> {
  await mkdir(folder, { recursive: true });
  await removeStaleParts(folder);
  const studies = generators.map(({ name }) => ({ name, folder: join(folder, name) }));
  for (const [index, generator] of generators.entries()) {
    const studyFolder = studies[index]!.folder;
    if (await isCurrent(studyFolder, generator)) continue;
    await makeStudy(studyFolder, generator, options.onProgress ?? (() => {}));
  }
  return studies;
}

async function makeStudy(
  studyFolder: string,
  generator: SampleGenerator,
  onProgress: (message: string) => void,
): Promise<void> {
  const part = `${studyFolder}.part-${process.pid}`;
  const replaced = `${part}-replaced`;
  try {
    onProgress(`Generating ${generator.title}`);
    await mkdir(part);
    const { seed, instances, unit, file, truth: known } = generator.generate();
    const step = Math.ceil(instances / 3 / 16) * 16;
    for (let index = 0; index < instances; index++) {
      const { name, bytes } = file(index);
      await writeFile(join(part, name), bytes);
      if ((index + 1) % step === 0) onProgress(`Wrote ${index + 1} of ${instances} ${unit}`);
    }
    const truth = { generatorVersion: generator.version, seed, instances, ...known };
    await writeFile(join(part, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
    // a folder cannot be renamed over a full one, so an outdated study steps aside first
    await rename(studyFolder, replaced).catch(ignoreMissing);
    await rename(part, studyFolder).catch(async error => {
      // another process may have finished the same study meanwhile; the two are equal
      if (!(await isCurrent(studyFolder, generator))) throw error;
    });
  } finally {
    await rm(part, { recursive: true, force: true });
    await rm(replaced, { recursive: true, force: true });
  }
}

/** Whether a folder holds the complete study of this generator version. */
async function isCurrent(studyFolder: string, { version }: SampleGenerator): Promise<boolean> {
  try {
    const truth: unknown = JSON.parse(await readFile(join(studyFolder, 'truth.json'), 'utf8'));
    if (typeof truth !== 'object' || truth === null || !('generatorVersion' in truth) || !('instances' in truth)) {
      return false;
    }
    const files = (await readdir(studyFolder)).filter(name => name.endsWith('.dcm'));
    return truth.generatorVersion === version && files.length === truth.instances;
  } catch {
    return false;
  }
}

/** Removes what interrupted runs left; the part of a process that is still alive is its own. */
async function removeStaleParts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const match = /\.part-(\d+)(-replaced)?$/.exec(name);
    if (!match || isAlive(Number(match[1]))) continue;
    await rm(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(processId: number): boolean {
  if (processId === process.pid) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another user
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
