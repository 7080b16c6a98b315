import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { link, mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { partName, syncFolder } from '../atomic-write.ts';
import { errorCode, errorMessage } from '../user-error.ts';
import { type Archive, describeFile, type IndexedFile, type InstanceLocation, indexFile } from './archive.ts';
import { isUid, textOf } from './dicom-json.ts';
import { locateFrames } from './frames.ts';
import { NotDicomError } from './part10.ts';

/** Failure Reason (0008,1197), PS3.18 table I.2-2 and PS3.4 GG. */
export const FAILURE = {
  processing: 0x0110,
  duplicate: 0x0111,
  outOfResources: 0xa700,
  doesNotMatchStudy: 0xa900,
  cannotUnderstand: 0xc000,
} as const;

export interface StoreOutcome {
  result: 'stored' | 'already-there' | 'refused';
  /** False when the bytes are not a DICOM Part 10 file at all. */
  isDicom: boolean;
  studyUid: string;
  seriesUid: string;
  sopClassUid: string;
  sopInstanceUid: string;
  reason?: number;
  message?: string;
}

/**
 * Stores one DICOM file in the archive's writable root, whole or not at all.
 *
 * The same object with the same bytes is accepted again; with other bytes it is refused, never replaced.
 *
 * @param studyUid when given, an object of another study is refused.
 */
export async function storeObject(archive: Archive, content: Readable, studyUid?: string): Promise<StoreOutcome> {
  const part = partName(path.join(archive.writableRoot, 'incoming'));
  try {
    await mkdir(archive.writableRoot, { recursive: true });
    // A failed write must not destroy the source: the parts of the request behind this one still have to be read.
    const source = content.iterator({ destroyOnReturn: false });
    await pipeline(source, createWriteStream(part, { flags: 'wx', flush: true }));
    const file = await indexFile(await describeFile(part));
    await locateFrames(part); // throws when frames are missing
    return await commit(archive, part, file, studyUid);
  } catch (error) {
    content.resume();
    return { ...UNKNOWN_OBJECT, ...failureOf(error) };
  } finally {
    await rm(part, { force: true });
  }
}

const UNKNOWN_OBJECT: StoreOutcome = {
  result: 'refused',
  isDicom: true,
  studyUid: '',
  seriesUid: '',
  sopClassUid: '',
  sopInstanceUid: '',
};

async function commit(archive: Archive, part: string, file: IndexedFile, studyUid?: string): Promise<StoreOutcome> {
  const outcome: StoreOutcome = {
    result: 'stored',
    isDicom: true,
    studyUid: file.studyUid,
    seriesUid: file.seriesUid,
    sopClassUid: textOf(file.dataset, '00080016'),
    sopInstanceUid: file.instance.uid,
  };
  const refuse = (reason: number, message: string): StoreOutcome => ({
    ...outcome,
    result: 'refused',
    reason,
    message,
  });
  if (studyUid !== undefined && studyUid !== file.studyUid) {
    return refuse(FAILURE.doesNotMatchStudy, 'the object belongs to another study than the one of the request');
  }
  if (!isUid(outcome.sopClassUid)) {
    return refuse(FAILURE.cannotUnderstand, 'its SOP Class UID is missing or is not a UID');
  }
  const known = await locateOnDisk(archive, file.instance.uid);
  const folder = path.join(archive.writableRoot, file.studyUid, file.seriesUid);
  const target = known?.instance.path ?? path.join(folder, `${file.instance.uid}.dcm`);
  if (known || !(await linkInto(folder, part, target))) {
    if (await sameBytes(part, target)) {
      if (!known) archive.add(await indexFile(await describeFile(target))); // written behind our back
      return { ...outcome, result: 'already-there' };
    }
    return refuse(FAILURE.duplicate, 'another object with the same SOP Instance UID is in the archive already');
  }
  archive.add({ ...file, instance: { ...file.instance, path: target } }); // size and time are those of the linked file
  return outcome;
}

/** Where an object is. One whose file was removed while the viewer ran is forgotten, and may come back. */
async function locateOnDisk(archive: Archive, sopInstanceUid: string): Promise<InstanceLocation | undefined> {
  const known = archive.locate(sopInstanceUid);
  if (!known || (await exists(known.instance.path))) return known;
  archive.remove(sopInstanceUid);
  return undefined;
}

/** Gives the finished file its name. Unlike a rename, a link never replaces a file that is there already. */
async function linkInto(folder: string, part: string, target: string): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  try {
    await link(part, target);
    await syncFolder(folder);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP'].includes(errorCode(error))) throw error;
    // A file system without hard links: look first, then rename.
    if (await exists(target)) return false;
    await rename(part, target);
    return true;
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function sameBytes(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([describeFile(one), describeFile(other)]);
  return first.size === second.size && (await digest(one)) === (await digest(other));
}

async function digest(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

function failureOf(error: unknown): { reason: number; message: string; isDicom: boolean } {
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return { reason: FAILURE.outOfResources, message: 'the disk is full', isDicom: true };
  }
  if (code !== '')
    return { reason: FAILURE.processing, message: `it cannot be read or written: ${code}`, isDicom: true };
  const isDicom = !(error instanceof NotDicomError);
  return { reason: FAILURE.cannotUnderstand, message: errorMessage(error), isDicom };
}
