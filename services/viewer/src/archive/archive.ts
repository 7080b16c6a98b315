import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { removeStaleParts } from '../atomic-write.ts';
import { errorMessage } from '../user-error.ts';
import { pickIndexed } from './attributes.ts';
import { type Dataset, isUid, textOf } from './dicom-json.ts';
import {
  type InstanceEntry,
  readIndexCache,
  type SeriesEntry,
  type StudyEntry,
  writeIndexCache,
} from './index-cache.ts';
import { toIndexableDataset } from './metadata.ts';
import { MalformedDicomError, NotDicomError, readPart10Header } from './part10.ts';

export interface ArchiveOptions {
  /** Folders with DICOM files. New objects are written into the first one; the others are only read. */
  roots: string[];
  /** Where the index is kept between runs. */
  indexFile: string;
  onProgress?: (message: string) => void;
}

export interface InstanceLocation {
  study: StudyEntry;
  series: SeriesEntry;
  instance: InstanceEntry;
}

const PARALLEL_READS = 8;
const SAVE_DELAY_MS = 2000;
/** Fewer files than this are read faster than the message is. What is not DICOM is looked at in every start. */
const WORTH_A_MESSAGE = 20;

/** Opens the archive: reads the cached index, and the header of every file that is new or has changed. */
export async function openArchive(options: ArchiveOptions): Promise<Archive> {
  const archive = new Archive(options);
  await archive.refresh();
  return archive;
}

/** The sample archive's content: studies, series and instances, in memory. Pixels stay in the files. */
export class Archive {
  readonly writableRoot: string;
  readonly report: (message: string) => void;
  readonly studies = new Map<string, StudyEntry>();
  readonly #roots: string[];
  readonly #indexFile: string;
  readonly #locations = new Map<string, InstanceLocation>();
  #saveTimer: NodeJS.Timeout | undefined;
  #saving: Promise<void> = Promise.resolve();

  constructor({ roots, indexFile, onProgress }: ArchiveOptions) {
    const [first] = roots;
    if (!first) throw new Error('an archive needs at least one root folder');
    this.writableRoot = path.resolve(first);
    this.#roots = roots.map(root => path.resolve(root));
    this.#indexFile = indexFile;
    this.report = onProgress ?? (() => {});
  }

  get instanceCount(): number {
    return this.#locations.size;
  }

  /** Where an object is, by its SOP Instance UID. */
  locate(sopInstanceUid: string): InstanceLocation | undefined {
    return this.#locations.get(sopInstanceUid);
  }

  /** Adds an object to the index; false when its SOP Instance UID is there already. */
  add(file: IndexedFile): boolean {
    if (this.#locations.has(file.instance.uid)) return false;
    const study = this.studies.get(file.studyUid) ?? {
      uid: file.studyUid,
      attributes: pickIndexed(file.dataset, 'study'),
      series: new Map<string, SeriesEntry>(),
    };
    const series = study.series.get(file.seriesUid) ?? {
      uid: file.seriesUid,
      attributes: pickIndexed(file.dataset, 'series'),
      instances: new Map<string, InstanceEntry>(),
    };
    series.instances.set(file.instance.uid, file.instance);
    study.series.set(series.uid, series);
    this.studies.set(study.uid, study);
    this.#locations.set(file.instance.uid, { study, series, instance: file.instance });
    this.#scheduleSave();
    return true;
  }

  /** Takes an object off the index; its file is no business of this. */
  remove(sopInstanceUid: string): void {
    const found = this.#locations.get(sopInstanceUid);
    if (!found) return;
    const { study, series } = found;
    this.#locations.delete(sopInstanceUid);
    series.instances.delete(sopInstanceUid);
    if (series.instances.size === 0) study.series.delete(series.uid);
    if (study.series.size === 0) this.studies.delete(study.uid);
    this.#scheduleSave();
  }

  /** Brings the index in line with the folders. */
  async refresh(): Promise<void> {
    await mkdir(this.writableRoot, { recursive: true });
    removeStaleParts(this.writableRoot);
    const files = (await Promise.all(this.#roots.map(listFiles))).flat();
    const found = new Map(files.map(file => [file.path, file]));
    const cached = (await readIndexCache(this.#indexFile)).filter(study => isUnchanged(study, found));
    for (const study of cached) this.#adopt(study, found);
    const unread = [...found.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
    if (unread.length >= WORTH_A_MESSAGE) this.report(`indexing ${unread.length} files ...`);
    const read = await mapInParallel(unread, PARALLEL_READS, file => this.#tryIndex(file));
    for (const file of read) {
      if (file && !this.add(file)) this.report(`skipped ${file.instance.path}: its SOP Instance UID is there twice`);
    }
    await this.save();
  }

  /** Writes the index and stops. */
  async close(): Promise<void> {
    await this.save();
  }

  /** Takes over a study of the cache, and takes its files off the list of those that must be read. */
  #adopt(study: StudyEntry, found: Map<string, FoundFile>): void {
    this.studies.set(study.uid, study);
    for (const series of study.series.values()) {
      for (const instance of series.instances.values()) {
        this.#locations.set(instance.uid, { study, series, instance });
        found.delete(instance.path);
      }
    }
  }

  async #tryIndex(file: FoundFile): Promise<IndexedFile | undefined> {
    try {
      return await indexFile(file);
    } catch (error) {
      // Text files beside the images are nobody's mistake; a damaged object is, and is named.
      const expected = error instanceof NotDicomError && !file.path.endsWith('.dcm');
      if (!expected) this.report(`skipped ${file.path}: ${errorMessage(error)}`);
      return undefined;
    }
  }

  #scheduleSave(): void {
    this.#saveTimer ??= setTimeout(() => this.save(), SAVE_DELAY_MS).unref();
  }

  /**
   * Writes the index now. The files are the truth: without it, the next start only takes longer, so that a full disk is
   * reported and does not stop anything.
   */
  save(): Promise<void> {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = undefined;
    this.#saving = this.#saving
      .then(() => writeIndexCache(this.#indexFile, this.studies.values()))
      .catch(error => this.report(`the index could not be saved: ${errorMessage(error)}`));
    return this.#saving;
  }
}

export interface FoundFile {
  path: string;
  size: number;
  mtimeMs: number;
}

export interface IndexedFile {
  studyUid: string;
  seriesUid: string;
  dataset: Dataset;
  instance: InstanceEntry;
}

/** Reads what the index needs of one file. Throws NotDicomError or MalformedDicomError. */
export async function indexFile(file: FoundFile): Promise<IndexedFile> {
  const header = await readPart10Header(file.path);
  const dataset = toIndexableDataset(header);
  const [studyUid, seriesUid, uid] = ['0020000D', '0020000E', '00080018'].map(tag => textOf(dataset, tag));
  if (!studyUid && !seriesUid) throw new NotDicomError('a DICOM file without study, such as a DICOMDIR');
  if (!isUid(studyUid ?? '') || !isUid(seriesUid ?? '') || !isUid(uid ?? '')) {
    throw new MalformedDicomError('its study, series or SOP Instance UID is missing or is not a UID');
  }
  const { path: filePath, size, mtimeMs } = file;
  const attributes = pickIndexed(dataset, 'instance');
  const instance = {
    uid: uid!,
    path: filePath,
    size,
    mtimeMs,
    transferSyntaxUid: header.transferSyntaxUid,
    attributes,
  };
  return { studyUid: studyUid!, seriesUid: seriesUid!, dataset, instance };
}

/** Size and time of a file, as the index compares them. */
export async function describeFile(file: string): Promise<FoundFile> {
  const { size, mtimeMs } = await stat(file);
  return { path: file, size, mtimeMs };
}

/** A study is read anew as a whole when one of its files is gone or has changed: its attributes may come from that file. */
function isUnchanged(study: StudyEntry, found: Map<string, FoundFile>): boolean {
  if (study.series.size === 0) return false; // no run writes that
  return [...study.series.values()].every(series =>
    [...series.instances.values()].every(instance => {
      const file = found.get(instance.path);
      return file?.size === instance.size && file.mtimeMs === instance.mtimeMs;
    }),
  );
}

async function listFiles(root: string): Promise<FoundFile[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter(entry => entry.isFile() && !entry.name.startsWith('.') && !/\.part-\d+/.test(entry.name))
    .map(entry => path.join(entry.parentPath, entry.name))
    .filter(file => !/\.part-\d+/.test(path.relative(root, file)));
  const described = await mapInParallel(files, PARALLEL_READS, file => describeFile(file).catch(() => undefined));
  return described.filter(file => file !== undefined); // without those that somebody removed meanwhile
}

/** Maps a list with at most `limit` calls in flight; results keep the order of the list. */
export async function mapInParallel<T, R>(items: T[], limit: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  async function worker(): Promise<void> {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index] as T);
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
