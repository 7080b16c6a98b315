import { createHash, createSecretKey, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ExportInput, ExportManifest } from '@voxelwise/contract';
import type { Database } from '../database/connection.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { advance, pseudonym } from '../keys/pseudonyms.ts';
import { calciumTotal } from '../truth/contents.test-support.ts';
import { STORED_AT, TEST_SITE, type TestRecord } from '../truth/records.test-support.ts';
import { type ExportJob, type ExportTools, MANIFEST_JSON, RECORDS_CSV, RECORDS_JSONL } from './export-job.ts';
import type { ExportRow } from './row-schema.ts';
import { runExport } from './run-export.ts';

const HOUR_MS = 3_600_000;
export const hoursAfter = (hours: number) => new Date(STORED_AT.getTime() + hours * HOUR_MS);

export interface FinishedTestExport {
  readonly manifest: ExportManifest;
  readonly rows: ExportRow[];
  /** Content by name. */
  readonly texts: Record<string, string>;
}

/** Makes exports into a folder of its own, as the worker does into the object store. */
export function exportsInto(database: Database, ring: KeyRing) {
  const folders: string[] = [];

  async function requestExport(
    change: Partial<ExportInput> = {},
    columns: Partial<ExportJob> = {},
  ): Promise<ExportJob> {
    const request: ExportInput = {
      id: randomUUID(),
      query: {},
      profile: 'safe-harbor',
      line: 'test-line',
      recipient: 'Some University',
      purpose: 'research',
      ...change,
    };
    const job = { id: request.id, site: TEST_SITE, request, asOf: hoursAfter(1000), ...columns };
    await database.prisma.export.create({
      data: {
        id: job.id,
        site: job.site,
        requestedBy: pseudonym(ring, 'person', 'researcher'),
        request: request as Prisma.InputJsonValue,
        asOf: job.asOf,
      },
    });
    return job;
  }

  async function tools(change: Partial<ExportTools> = {}): Promise<ExportTools & { folder: string }> {
    const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-export-'));
    folders.push(folder);
    return {
      folder,
      database,
      sources: {
        ring,
        newestReader: reader => advance(ring, 'person', reader),
        openMask: () => Promise.reject(new Error('There are no masks in this test.')),
      },
      newestPatient: patient => advance(ring, 'patient', patient),
      splitKey: createSecretKey(Buffer.alloc(32, 1)),
      identifierKey: createSecretKey(Buffer.alloc(32, 2)),
      codeVersion: '0.1.0',
      async writeFile(name, content) {
        const digest = createHash('sha256');
        let sizeBytes = 0;
        await pipeline(
          content,
          async function* (chunks: AsyncIterable<Buffer>) {
            for await (const chunk of chunks) {
              const bytes = Buffer.from(chunk);
              digest.update(bytes);
              sizeBytes += bytes.length;
              yield bytes;
            }
          },
          createWriteStream(path.join(folder, name)),
        );
        return { sha256: digest.digest('hex'), sizeBytes };
      },
      readFile: async name => createReadStream(path.join(folder, name)),
      ...change,
    };
  }

  async function run(job: ExportJob, change: Partial<ExportTools> = {}): Promise<FinishedTestExport> {
    const own = await tools(change);
    const { manifest } = await runExport(job, own);
    const texts = Object.fromEntries(
      await Promise.all(
        [RECORDS_JSONL, RECORDS_CSV, MANIFEST_JSON].map(
          async name => [name, await readFile(path.join(own.folder, name), 'utf8')] as const,
        ),
      ),
    );
    const lines = texts[RECORDS_JSONL]!.split('\n').slice(0, -1);
    return { manifest, texts, rows: lines.map(line => JSON.parse(line) as ExportRow) };
  }

  return {
    requestExport,
    tools,
    run,
    removeFolders: () => Promise.all(folders.map(folder => rm(folder, { recursive: true, force: true }))),
  };
}

/** A calcium record that consent was given for and that one reader accepted, of a patient and a study of its own. */
export function recordOf(
  ring: KeyRing,
  patient: string | null,
  columns: TestRecord['columns'] = {},
  change: Partial<TestRecord> = {},
): TestRecord {
  return {
    content: calciumTotal(100),
    reviews: [{ reader: 'A', part: 'first', action: 'accept', correction: null, at: hoursAfter(1) }],
    ...change,
    columns: {
      consent: 'granted',
      patient: patient === null ? null : pseudonym(ring, 'patient', patient),
      studyUid: `1.2.826.0.1.3680043.8.498.${BigInt(`0x${createHash('sha256').update(String(patient)).digest('hex').slice(0, 24)}`)}`,
      ...columns,
    },
  };
}
