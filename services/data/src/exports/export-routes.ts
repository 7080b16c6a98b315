import { type Export, type ExportInput, PROBLEMS, type ProblemCode } from '@voxelwise/contract';
import canonicalize from 'canonicalize';
import { siteForWriting, sitesForReading } from '../access/sites.ts';
import type { Transaction } from '../database/connection.ts';
import type { Export as ExportRow } from '../generated/prisma/client.ts';
import type { Call, Handler } from '../http/call.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import { enqueue } from '../jobs/queues.ts';
import type { Services } from '../services.ts';
import { readExportedFile, removeExportedFiles } from './exported-files.ts';

const DEFAULT_LIMIT = 50;

/** POST /exports: the row and its job, or neither. Repeating the same is harmless. */
export function requestExport({ jobs }: Services): Handler<'requestExport'> {
  return call =>
    call.audited(async (transaction, audit) => {
      const { body, principal } = call;
      const site = siteForWriting(principal, body.site);
      const now = new Date();
      const asOf = body.asOf ? new Date(body.asOf) : now;
      if (asOf > now)
        throw new ServiceProblem('invalid-request', 'asOf is in the future: an export holds what is known by now.');
      if (body.identifiersOf !== undefined) await requireExportOf(transaction, body.identifiersOf, site);
      audit.site = site;
      audit.entities = [{ kind: 'export', id: body.id }];
      audit.detail = { profile: body.profile, line: body.line, purpose: body.purpose };

      const { count } = await transaction.export.createMany({
        data: [{ id: body.id, site, requestedBy: principal.person, request: body, asOf }],
        skipDuplicates: true,
      });
      const row = await transaction.export.findUniqueOrThrow({ where: { id: body.id } });
      if (count > 0) await enqueue(jobs, transaction, 'export', { exportId: body.id });
      else if (row.site !== site || !isSameRequest(row, body))
        throw new ServiceProblem('id-taken', 'Another export has this id.');
      return { status: count > 0 ? 202 : 200, json: exportView(row) };
    });
}

function isSameRequest({ request }: ExportRow, body: ExportInput): boolean {
  return canonicalize(request) === canonicalize(body);
}

async function requireExportOf(transaction: Transaction, id: string, site: string): Promise<void> {
  const row = await transaction.export.findUnique({ where: { id } });
  if (!row || row.site !== site) throw new ServiceProblem('not-found', 'identifiersOf names no export of this site.');
}

/** GET /exports */
export function listExports(_services: Services): Handler<'listExports'> {
  return call =>
    call.audited(async (transaction, audit) => {
      const { query, principal } = call;
      const rows = await transaction.export.findMany({
        where: { site: { in: [...sitesForReading(principal, query.site)] } },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: query.limit ?? DEFAULT_LIMIT,
      });
      audit.detail = { shown: rows.length };
      return { status: 200, json: { exports: rows.map(exportView) } };
    });
}

/** GET /exports/{id} */
export function readExport(_services: Services): Handler<'readExport'> {
  return call =>
    call.audited(async (transaction, audit) => {
      const row = await exportOf(transaction, call);
      Object.assign(audit, { site: row.site, entities: [{ kind: 'export', id: row.id }] });
      return { status: 200, json: exportView(row) };
    });
}

/** DELETE /exports/{id}: what is under way ends, files of a ready one are removed. Its row, identifiers and splits stay. */
export function cancelExport(services: Services): Handler<'cancelExport'> {
  return async call => {
    const { row, removed } = await call.audited(async (transaction, audit) => {
      const { id, site } = await exportOf(transaction, call);
      Object.assign(audit, { site, entities: [{ kind: 'export', id }] });
      await transaction.$queryRaw`SELECT 1 FROM "export" WHERE "id" = ${id}::uuid FOR UPDATE`;
      const found = await transaction.export.findUniqueOrThrow({ where: { id } });
      if (found.status === 'cancelled' || found.status === 'failed') return { row: found, removed: [] };
      const cancelled = await transaction.export.update({
        where: { id },
        data: { status: 'cancelled', finishedAt: new Date() },
      });
      return { row: cancelled, removed: await removeExportedFiles(transaction, id) };
    });
    // Their keys are destroyed already: what is left are bytes that nobody can read.
    for (const storageKey of removed) await services.objects.remove(storageKey).catch(() => {});
    return { status: 200, json: exportView(row) };
  };
}

/** GET /exports/{id}/files/{name}: a disclosure. */
export function readExportFile(services: Services): Handler<'readExportFile'> {
  return async call => {
    const { prisma } = services.database;
    const row = await exportOf(prisma, call);
    if (row.status !== 'ready') throw new ServiceProblem('export-not-ready', `The export is ${row.status}.`);
    const file = await prisma.exportFile.findUnique({
      where: { exportId_name: { exportId: row.id, name: call.parameters.name } },
    });
    if (!file) throw new ServiceProblem('not-found', 'The export has no file of this name.');
    const bytes = await readExportedFile(services, row.site, file);
    try {
      await call.audited(async (_transaction, audit) => {
        const { recipient, purpose, profile } = row.request as unknown as ExportInput;
        Object.assign(audit, {
          site: row.site,
          entities: [{ kind: 'export', id: row.id, digest: file.sha256 }],
          detail: {
            file: file.name,
            profile,
            purpose,
            sizeBytes: Number(file.sizeBytes),
            recipient: recipientCode(recipient),
          },
        });
      });
    } catch (error) {
      bytes.destroy();
      throw error;
    }
    return {
      status: 200,
      bytes,
      mediaType: mediaTypeOf(file.name),
      sizeBytes: Number(file.sizeBytes),
      fileName: file.name,
    };
  };
}

/** Audit events hold codes and no text: the recipient's name without spaces. */
function recipientCode(recipient: string): string {
  return recipient.replaceAll(/[^\w.:/@+=-]+/g, '_').slice(0, 128) || '_';
}

function mediaTypeOf(name: string): string {
  if (name.endsWith('.csv')) return 'text/csv; charset=utf-8';
  return name.endsWith('.jsonl') ? 'application/jsonl' : 'application/json';
}

async function exportOf(
  transaction: Transaction,
  { parameters, principal }: Pick<Call<'readExport' | 'cancelExport' | 'readExportFile'>, 'parameters' | 'principal'>,
): Promise<ExportRow> {
  const row = await transaction.export.findUnique({ where: { id: parameters.id } });
  if (!row || !principal.sites.includes(row.site)) throw new ServiceProblem('not-found');
  return row;
}

export function exportView(row: ExportRow): Export {
  const { id, site, doneRows, totalRows, asOf, createdAt, finishedAt } = row;
  return {
    id,
    site,
    status: row.status as Export['status'],
    doneRows,
    totalRows,
    asOf: asOf.toISOString(),
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    problem: row.problem === null ? null : problemOf(row.problem),
    manifest: row.manifest as Export['manifest'],
  };
}

/** Kept as the code, and a sentence behind it where there is one. */
function problemOf(text: string): Export['problem'] {
  const [code = 'internal', ...sentence] = text.split(' ');
  const known = (code in PROBLEMS ? code : 'internal') as ProblemCode;
  return { code: known, detail: sentence.join(' ') || PROBLEMS[known].title };
}
