import { readFile } from 'node:fs/promises';
import { writeFileAtomically } from '../atomic-write.ts';
import type { Dataset } from './dicom-json.ts';

// The index on disk: what the last run knew, so that the next start need not open every file again.

/** One stored object. */
export interface InstanceEntry {
  uid: string;
  path: string;
  size: number;
  mtimeMs: number;
  transferSyntaxUid: string;
  attributes: Dataset;
}
export interface SeriesEntry {
  uid: string;
  attributes: Dataset;
  instances: Map<string, InstanceEntry>;
}
export interface StudyEntry {
  uid: string;
  attributes: Dataset;
  series: Map<string, SeriesEntry>;
}

// Increase it when indexed attributes change, or files are refused that were not: older caches are then ignored, and written anew.
const CACHE_VERSION = 2;

interface CacheFile {
  version: number;
  studies: CachedStudy[];
}
interface CachedStudy {
  uid: string;
  attributes: Dataset;
  series: { uid: string; attributes: Dataset; instances: InstanceEntry[] }[];
}

/** Reads the cached index; a missing or unreadable cache is an empty one. */
export async function readIndexCache(file: string): Promise<StudyEntry[]> {
  try {
    const cache = JSON.parse(await readFile(file, 'utf8')) as CacheFile;
    if (cache.version !== CACHE_VERSION) return [];
    return cache.studies.map(study => ({
      ...study,
      series: new Map(
        study.series.map(series => [
          series.uid,
          { ...series, instances: new Map(series.instances.map(instance => [instance.uid, instance])) },
        ]),
      ),
    }));
  } catch {
    return [];
  }
}

/** Writes the index, atomically. */
export async function writeIndexCache(file: string, studies: Iterable<StudyEntry>): Promise<void> {
  const cache: CacheFile = {
    version: CACHE_VERSION,
    studies: [...studies].map(study => ({
      ...study,
      series: [...study.series.values()].map(series => ({ ...series, instances: [...series.instances.values()] })),
    })),
  };
  await writeFileAtomically(file, JSON.stringify(cache));
}
