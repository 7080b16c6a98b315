import type { KeyObject } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { ExportInput } from '@voxelwise/contract';
import type { Database } from '../database/connection.ts';
import type { FoldSources } from '../truth/folded-predictions.ts';

/** An export as it was requested. Its row is in the database. */
export interface ExportJob {
  readonly id: string;
  readonly site: string;
  readonly request: ExportInput;
  /** Later records and reviews are left out. */
  readonly asOf: Date;
}

export interface ExportTools {
  readonly database: Database;
  readonly sources: FoldSources;
  /** The newest pseudonym of a patient: records may hold older ones while pseudonyms are rotated. */
  readonly newestPatient: (pseudonym: string) => string;
  /** Orders new patients of a line. */
  readonly splitKey: KeyObject;
  /** Derives the ids of limited data sets. */
  readonly identifierKey: KeyObject;
  /** Version of this program: it is in the manifest. */
  readonly codeVersion: string;
  /** Stores a file, read to its end. Rejects where the stream fails; nothing is stored then. */
  readonly writeFile: (name: string, content: Readable) => Promise<WrittenFile>;
  /** The content of a file that was written. */
  readonly readFile: (name: string) => Promise<AsyncIterable<Uint8Array>>;
  readonly onProgress?: (progress: ExportProgress) => Promise<void> | void;
  readonly signal?: AbortSignal;
  /** How long to wait for transactions from before `asOf`. */
  readonly longestWaitMs?: number;
}

export interface WrittenFile {
  /** Hexadecimal, of the content. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

export interface ExportProgress {
  /** Records that were looked at. */
  readonly doneRows: number;
  readonly totalRows: number;
}

export const RECORDS_JSONL = 'records.jsonl';
export const RECORDS_CSV = 'records.csv';
export const MANIFEST_JSON = 'manifest.json';
