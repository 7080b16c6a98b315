import type { ExportInput } from '@voxelwise/contract';
import type { Export as ExportRow, Prisma } from '../generated/prisma/client.ts';
import { safeError } from '../http/safe-error.ts';
import { derivedKey } from '../keys/derived-keys.ts';
import { advance } from '../keys/pseudonyms.ts';
import { foldSources } from '../reviews/fold-sources.ts';
import type { Services } from '../services.ts';
import { VERSION } from '../version.generated.ts';
import { ExportError } from './errors.ts';
import { exportedFiles } from './exported-files.ts';
import { runExport } from './run-export.ts';

/** How often it is looked whether somebody has cancelled. */
const CANCEL_POLL_MS = 1000;

/**
 * The background work of one export. A job that is delivered again, after its worker was killed, begins anew; files of before are
 * removed.
 * @returns rows that were exported
 */
export async function workOnExport(services: Services, exportId: string, signal: AbortSignal): Promise<number> {
  const { prisma } = services.database;
  const { count } = await prisma.export.updateMany({
    where: { id: exportId, status: { in: ['queued', 'running'] } },
    data: { status: 'running', doneRows: 0 },
  });
  if (count === 0) return 0; // Cancelled, or done by another worker.
  const row = await prisma.export.findUniqueOrThrow({ where: { id: exportId } });
  const files = exportedFiles(services, row);
  await files.removeAll();

  const cancelled = new AbortController();
  const poll = setInterval(() => void stopIfCancelled(services, exportId, cancelled), CANCEL_POLL_MS);
  try {
    const rows = await make(services, row, files, AbortSignal.any([signal, cancelled.signal]));
    services.metrics.exports.inc({ outcome: 'ready' });
    return rows;
  } catch (error) {
    await files.removeAll();
    if (cancelled.signal.aborted) {
      services.metrics.exports.inc({ outcome: 'cancelled' });
      return 0;
    }
    if (error instanceof ExportError && !error.canRetry) {
      await failExport(services, exportId, `${error.code} ${error.message}`);
      return 0;
    }
    throw error; // The queue tries again.
  } finally {
    clearInterval(poll);
  }
}

async function make(
  services: Services,
  row: ExportRow,
  files: ReturnType<typeof exportedFiles>,
  signal: AbortSignal,
): Promise<number> {
  const ring = services.keys.keys();
  const { prisma } = services.database;
  const { manifest } = await runExport(
    { id: row.id, site: row.site, request: row.request as unknown as ExportInput, asOf: row.asOf },
    {
      database: services.database,
      sources: foldSources(services),
      newestPatient: patient => advance(ring, 'patient', patient),
      splitKey: derivedKey(ring, 'export-splits'),
      identifierKey: derivedKey(ring, 'export-identifiers'),
      codeVersion: VERSION,
      writeFile: files.write,
      readFile: files.read,
      signal,
      async onProgress({ doneRows, totalRows }) {
        await prisma.export.updateMany({ where: { id: row.id, status: 'running' }, data: { doneRows, totalRows } });
      },
    },
  );
  // Ready only where nobody has cancelled meanwhile.
  const { count } = await prisma.export.updateMany({
    where: { id: row.id, status: 'running' },
    data: {
      status: 'ready',
      manifest: manifest as unknown as Prisma.InputJsonValue,
      doneRows: manifest.rows,
      totalRows: manifest.rows,
      finishedAt: new Date(),
    },
  });
  if (count === 0) await files.removeAll();
  return manifest.rows;
}

async function stopIfCancelled({ database, logger }: Services, id: string, cancelled: AbortController): Promise<void> {
  try {
    const row = await database.prisma.export.findUnique({ where: { id }, select: { status: true } });
    if (row?.status === 'cancelled') cancelled.abort();
  } catch (error) {
    logger.warn({ job: 'export', jobId: id, error: safeError(error) }, 'cannot see whether the export was cancelled');
  }
}

/** The last failure of an export, for whoever asked for it. */
export async function failExport({ database, metrics }: Services, id: string, problem: string): Promise<void> {
  const { count } = await database.prisma.export.updateMany({
    where: { id, status: { in: ['queued', 'running'] } },
    data: { status: 'failed', problem, finishedAt: new Date() },
  });
  if (count > 0) metrics.exports.inc({ outcome: 'failed' });
}
