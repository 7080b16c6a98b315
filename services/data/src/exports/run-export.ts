import { Readable } from 'node:stream';
import type { ExportManifest } from '@voxelwise/contract';
import { assignSplits } from '../splits/assign-splits.ts';
import { DEFAULT_RATIOS } from '../splits/split-plan.ts';
import { candidatesFingerprint, countCandidates, type Scope } from './candidates.ts';
import { ExportError } from './errors.ts';
import {
  type ExportJob,
  type ExportTools,
  MANIFEST_JSON,
  RECORDS_CSV,
  RECORDS_JSONL,
  type WrittenFile,
} from './export-job.ts';
import { exportRows } from './export-rows.ts';
import { type IdentifierOptions, keyedReplacements, type Replacements, randomReplacements } from './identifiers.ts';
import { labelsOf, manifestOf, manifestText } from './manifest.ts';
import { readPeople } from './people.ts';
import { inSnapshot, waitForOlderTransactions } from './snapshot.ts';
import { Tally } from './tally.ts';
import { validateExport } from './validation.ts';
import { writeRecords } from './write-records.ts';

export interface FinishedExport {
  readonly manifest: ExportManifest;
  readonly files: readonly (WrittenFile & { readonly name: string })[];
}

/**
 * Makes an export: reads one state of the database, writes records.jsonl and records.csv, reads them back, and writes manifest.json.
 * The same job gives the same bytes as long as no record is erased and no consent changed; Safe Harbor ids are random, but kept
 * for the job, and for later ones that take them over.
 *
 * Whatever it throws, files may have been written that the caller removes. Doing the same job again is allowed.
 *
 * @throws ExportError where the request or the data do not allow it; the signal's reason where it was stopped
 */
export async function runExport(job: ExportJob, tools: ExportTools): Promise<FinishedExport> {
  const { database, signal } = tools;
  const { site, asOf, request } = job;
  const scope: Scope = { site, query: request.query, asOf };
  const ratios = request.ratios ?? DEFAULT_RATIOS;
  const replacements = await replacementsOf(job, tools);
  await waitForOlderTransactions(database, asOf, tools);

  const { files, tally, fingerprint } = await inSnapshot(database, async transaction => {
    const { candidates, leftOut } = await countCandidates(transaction, scope);
    const fingerprint = await candidatesFingerprint(transaction, scope);
    await tools.onProgress?.({ doneRows: 0, totalRows: candidates });
    const groups = await readPeople(transaction, scope, tools.newestPatient);
    // In a transaction of its own, which sees what other exports assigned meanwhile.
    const plan = await database.transaction(ofItsOwn =>
      assignSplits(ofItsOwn, {
        site,
        line: request.line,
        exportId: job.id,
        splitKey: tools.splitKey,
        groups,
        ratios,
        newestMember: member => (member.startsWith('study:') ? member : tools.newestPatient(member)),
      }),
    );
    const people = new Map(groups.flatMap(({ members }) => members.map(member => [member, members[0]!] as const)));
    const tally = new Tally(leftOut);
    const rows = exportRows(
      {
        transaction,
        job,
        scope,
        tools,
        plan,
        personOf: member => people.get(member) ?? member,
        replacements,
        totalRows: candidates,
      },
      tally,
    );
    const { jsonl, csv } = await writeRecords(rows, tools.writeFile);
    return { files: { [RECORDS_JSONL]: jsonl, [RECORDS_CSV]: csv }, tally, fingerprint };
  });
  signal?.throwIfAborted();

  const { profile } = request;
  const { rows, splits } = tally;
  await validateExport({ profile, files, readFile: tools.readFile, counts: { rows, splits, labels: labelsOf(tally) } });
  await requireUnchanged(tools, scope, fingerprint);

  await replacements.prepare([{ domain: 'site', original: site }]);
  const siteName = profile === 'safe-harbor' ? replacements.replacementOf('site', site) : site;
  const manifest = manifestOf({ job, codeVersion: tools.codeVersion, tally, ratios, site: siteName, files });
  const text = Readable.from([Buffer.from(manifestText(manifest))]);
  const all = { ...files, [MANIFEST_JSON]: await tools.writeFile(MANIFEST_JSON, text) };
  return { manifest, files: Object.entries(all).map(([name, file]) => ({ name, ...file })) };
}

async function replacementsOf({ id, site, request }: ExportJob, tools: ExportTools): Promise<Replacements> {
  const { database, newestPatient, identifierKey } = tools;
  const options: IdentifierOptions = { database, exportId: id, site, newestPatient };
  const { profile, line, identifiersOf } = request;
  if (profile === 'safe-harbor') return randomReplacements(options, identifiersOf);
  if (identifiersOf !== undefined) {
    throw new ExportError(
      'invalid-request',
      'The ids of a limited data set stay the same within its line: leave identifiersOf out.',
    );
  }
  return keyedReplacements(options, line, identifierKey);
}

/** A record that was erased, or lost its consent, while it was read must not be released. */
async function requireUnchanged({ database }: ExportTools, scope: Scope, before: string): Promise<void> {
  const now = await database.transaction(transaction => candidatesFingerprint(transaction, scope));
  if (now === before) return;
  const message = 'Records were erased or changed their consent while the export was made. It must be made anew.';
  throw new ExportError('unavailable', message, { canRetry: true });
}
