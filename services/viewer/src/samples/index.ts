import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cardiacDicomFile, cardiacUids, firstVoxelMm } from './cardiac-dicom.ts';
import { cardiacPhantom, phantomVersion } from './cardiac-phantom.ts';
import { phantomTruth } from './truth.ts';

/** A study that `npm start` offers: DICOM files and `truth.json` in one folder. */
export interface SampleStudy {
  readonly name: string;
  readonly folder: string;
}

export interface EnsureSamplesOptions {
  readonly onProgress?: (message: string) => void;
}

const studyName = 'cardiac-calcium';

/** Seed of the sample study's noise and lung vessels. */
export const cardiacSeed = 20;

/**
 * Makes sure that the sample studies lie in `folder`: generates those that are missing or come from another generator version,
 * and leaves the others alone. A study appears at once and complete, by renaming a finished folder; nothing half-written stays
 * when it is interrupted or `onProgress` throws.
 */
export async function ensureSamples(folder: string, options: EnsureSamplesOptions = {}): Promise<SampleStudy[]> {
  const studyFolder = join(folder, studyName);
  await mkdir(folder, { recursive: true });
  await removeStaleParts(folder);
  if (!(await isCurrent(studyFolder))) await makeCardiacStudy(studyFolder, options.onProgress ?? (() => {}));
  return [{ name: studyName, folder: studyFolder }];
}

async function makeCardiacStudy(studyFolder: string, onProgress: (message: string) => void): Promise<void> {
  const part = `${studyFolder}.part-${process.pid}`;
  const replaced = `${part}-replaced`;
  try {
    onProgress('Generating the cardiac CT phantom');
    await mkdir(part);
    const phantom = cardiacPhantom({ seed: cardiacSeed });
    const slices = phantom.dimensions[2];
    for (let slice = 0; slice < slices; slice++) {
      const { name, bytes } = cardiacDicomFile(phantom, slice);
      await writeFile(join(part, name), bytes);
      if ((slice + 1) % 16 === 0) onProgress(`Wrote ${slice + 1} of ${slices} slices`);
    }
    const truth = {
      generatorVersion: phantomVersion,
      seed: cardiacSeed,
      instances: slices,
      ...cardiacUids,
      ...phantomTruth(phantom, firstVoxelMm),
    };
    await writeFile(join(part, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
    // a folder cannot be renamed over a full one, so an outdated study steps aside first
    await rename(studyFolder, replaced).catch(ignoreMissing);
    await rename(part, studyFolder).catch(async error => {
      // another process may have finished the same study meanwhile; the two are equal
      if (!(await isCurrent(studyFolder))) throw error;
    });
  } finally {
    await rm(part, { recursive: true, force: true });
    await rm(replaced, { recursive: true, force: true });
  }
}

/** Whether a folder holds the complete study of this generator version. */
async function isCurrent(studyFolder: string): Promise<boolean> {
  try {
    const truth: unknown = JSON.parse(await readFile(join(studyFolder, 'truth.json'), 'utf8'));
    if (typeof truth !== 'object' || truth === null || !('generatorVersion' in truth) || !('instances' in truth)) {
      return false;
    }
    const files = (await readdir(studyFolder)).filter(name => name.endsWith('.dcm'));
    return truth.generatorVersion === phantomVersion && files.length === truth.instances;
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
