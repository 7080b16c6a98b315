import { once } from 'node:events';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { csvCells, csvWriter } from './csv.ts';
import { RECORDS_CSV, RECORDS_JSONL, type WrittenFile } from './export-job.ts';
import type { ExportRow } from './row-schema.ts';

/**
 * Writes the rows as JSON lines and as CSV, both at once, no faster than the slower of the two is stored.
 *
 * @throws what reading a row or storing a file throws, once neither file is written to any more
 */
export async function writeRecords(
  rows: AsyncIterable<{ row: ExportRow; line: string }>,
  writeFile: (name: string, content: Readable) => Promise<WrittenFile>,
): Promise<{ jsonl: WrittenFile; csv: WrittenFile }> {
  const jsonl = new PassThrough();
  const csv = csvWriter();
  // Whoever reads them is told by the stream; a store that does not read would leave the error to end the process.
  for (const stream of [jsonl, csv]) stream.on('error', () => {});
  const failed = new AbortController();
  const failingAll = async <Result>(work: Promise<Result>): Promise<Result> => {
    try {
      return await work;
    } catch (error) {
      failed.abort(error);
      const reason = error instanceof Error ? error : new Error('The export was stopped.', { cause: error });
      for (const stream of [jsonl, csv]) stream.destroy(reason);
      throw error;
    }
  };
  const work = [
    failingAll(writeFile(RECORDS_JSONL, jsonl)),
    failingAll(writeFile(RECORDS_CSV, csv)),
    failingAll(produce(rows, jsonl, csv, failed.signal)),
  ] as const;
  // All of them have ended before anybody is told: the transaction that is read from must still be there.
  await Promise.allSettled(work);
  failed.signal.throwIfAborted();
  return { jsonl: await work[0], csv: await work[1] };
}

async function produce(
  rows: AsyncIterable<{ row: ExportRow; line: string }>,
  jsonl: Writable,
  csv: Writable,
  signal: AbortSignal,
): Promise<void> {
  for await (const { row, line } of rows) {
    await write(jsonl, `${line}\n`, signal);
    await write(csv, csvCells(row), signal);
  }
  jsonl.end();
  csv.end();
}

async function write(stream: Writable, chunk: unknown, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!stream.write(chunk)) await once(stream, 'drain', { signal });
}
