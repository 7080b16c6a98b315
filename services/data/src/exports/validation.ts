import { createHash } from 'node:crypto';
import type { ExportManifest, Profile, Split } from '@voxelwise/contract';
import { CSV_HEADER } from './csv.ts';
import { readCsv } from './csv-reader.ts';
import { ExportError } from './errors.ts';
import { RECORDS_CSV, RECORDS_JSONL, type WrittenFile } from './export-job.ts';
import { looksLikeForeignUid, PSEUDONYM } from './identifying-text.ts';
import { EXPORT_ROWS } from './row-schema.ts';

export interface ValidationInput {
  readonly profile: Profile;
  readonly files: Readonly<Record<string, WrittenFile>>;
  readonly readFile: (name: string) => Promise<AsyncIterable<Uint8Array>>;
  /** What the manifest is going to say. */
  readonly counts: Pick<ExportManifest, 'rows' | 'labels'> & {
    readonly splits: Readonly<Record<Split, { readonly rows: number }>>;
  };
}

const UID = /^[0-9]+(\.[0-9]+)+$/;

/**
 * Reads the files of an export back before anybody may download them: digests and sizes, each line by its schema, counts as in
 * the manifest, ids used once, no patient or study in two splits, nothing that looks like an identifier of the service, and the
 * same records in the same order in both files.
 *
 * @throws ExportError that says what is wrong and in which line, not with which content
 */
export async function validateExport(input: ValidationInput): Promise<void> {
  const ofLines = await checkLines(input);
  const ofCells = await checkCsv(input);
  if (ofLines !== ofCells) throw invalid('The CSV file and the JSON lines hold different records');
}

/** @returns digest of the ids in their order */
async function checkLines({ profile, files, readFile, counts }: ValidationInput): Promise<string> {
  const content = new CheckedContent(RECORDS_JSONL, await readFile(RECORDS_JSONL));
  const ids = new Set<string>();
  const order = createHash('sha256');
  const splitOf = new Map<string, Split>();
  const rows: Record<Split, number> = { train: 0, validation: 0, test: 0 };
  const labels = { 'as-predicted': 0, corrected: 0, rejected: 0, none: 0 };
  let line = 0;
  for await (const text of content.lines()) {
    line++;
    const row = EXPORT_ROWS[profile].safeParse(parsedJson(text, line));
    if (!row.success) {
      const where = row.error.issues[0]?.path.join('.') || 'the line';
      throw invalid(`${RECORDS_JSONL} does not match its schema in line ${line} (${where})`);
    }
    const { id, patient, split, image, label } = row.data;
    if (ids.has(id)) throw invalid(`${RECORDS_JSONL} uses an id twice, in line ${line}`);
    ids.add(id);
    order.update(id);
    for (const person of [patient, image.study]) {
      if (person === null) continue;
      const before = splitOf.get(person) ?? split;
      if (before !== split) throw invalid(`${RECORDS_JSONL} has a patient or study in two splits, in line ${line}`);
      splitOf.set(person, split);
    }
    if (hasIdentifier(row.data)) throw invalid(`${RECORDS_JSONL} holds what looks like an identifier, in line ${line}`);
    rows[split]++;
    labels[label.decision]++;
  }
  content.mustBe(files[RECORDS_JSONL]);
  const found = [line, rows.train, rows.validation, rows.test, ...Object.values(labels)].join(' ');
  const { splits, labels: said } = counts;
  const expected = [
    counts.rows,
    splits.train.rows,
    splits.validation.rows,
    splits.test.rows,
    said.asPredicted,
    said.corrected,
    said.rejected,
    said.none,
  ].join(' ');
  if (found !== expected) throw invalid(`${RECORDS_JSONL} has other counts than the manifest`);
  return order.digest('hex');
}

/** @returns digest of the ids in their order */
async function checkCsv({ files, readFile, counts }: ValidationInput): Promise<string> {
  const content = new CheckedContent(RECORDS_CSV, await readFile(RECORDS_CSV));
  const order = createHash('sha256');
  let records = -1;
  for await (const cells of readCsv(content.bytes())) {
    records++;
    if (records === 0 && cells.join() !== CSV_HEADER.join()) throw invalid(`${RECORDS_CSV} has another header`);
    if (cells.length !== CSV_HEADER.length)
      throw invalid(`${RECORDS_CSV} has ${cells.length} cells in record ${records}`);
    if (records > 0) order.update(cells[0]!);
  }
  content.mustBe(files[RECORDS_CSV]);
  if (records !== counts.rows) throw invalid(`${RECORDS_CSV} has ${records} records instead of ${counts.rows}`);
  return order.digest('hex');
}

function parsedJson(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(`${RECORDS_JSONL} is no JSON in line ${line}`);
  }
}

/** By its form alone: a pseudonym, or a UID that was not made for an export, anywhere in a row. */
function hasIdentifier(value: unknown): boolean {
  if (typeof value === 'string') return PSEUDONYM.test(value) || (UID.test(value) && looksLikeForeignUid(value));
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasIdentifier);
}

function invalid(what: string): ExportError {
  return new ExportError('internal', `The export is not valid: ${what}. It was not released.`);
}

/** The bytes of a file as they go by, with their digest and number. */
class CheckedContent {
  readonly #name: string;
  readonly #stream: AsyncIterable<Uint8Array>;
  readonly #digest = createHash('sha256');
  #sizeBytes = 0;

  constructor(name: string, stream: AsyncIterable<Uint8Array>) {
    this.#name = name;
    this.#stream = stream;
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    for await (const chunk of this.#stream) {
      this.#digest.update(chunk);
      this.#sizeBytes += chunk.length;
      yield chunk;
    }
  }

  async *lines(): AsyncGenerator<string> {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let rest = '';
    for await (const chunk of this.bytes()) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
    rest += decoder.decode();
    if (rest !== '') throw invalid(`${this.#name} does not end with a line break`);
  }

  mustBe(file: WrittenFile | undefined): void {
    const sha256 = this.#digest.digest('hex');
    if (sha256 !== file?.sha256 || this.#sizeBytes !== file.sizeBytes) {
      throw invalid(`${this.#name} has other content than was written`);
    }
  }
}
