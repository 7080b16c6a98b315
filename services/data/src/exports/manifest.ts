import { type ExportManifest, exportManifestSchema, SPLITS } from '@voxelwise/contract';
import canonicalize from 'canonicalize';
import { FEWEST_GROUPS, type SplitRatios } from '../splits/split-plan.ts';
import { DE_IDENTIFICATION } from './de-identification.ts';
import { type ExportJob, RECORDS_CSV, RECORDS_JSONL, type WrittenFile } from './export-job.ts';
import type { Tally } from './tally.ts';

/** A split that misses its ratio by more is warned of. */
const RATIO_TOLERANCE = 0.05;

export interface ManifestInput {
  readonly job: ExportJob;
  readonly codeVersion: string;
  readonly tally: Tally;
  readonly ratios: SplitRatios;
  /** The name that stands for the site. */
  readonly site: string;
  readonly files: Readonly<Record<string, WrittenFile>>;
}

/** What an export is: without the time of its making or its id, so that the same export is the same bytes. */
export function manifestOf({ job, codeVersion, tally, ratios, site, files }: ManifestInput): ExportManifest {
  const { query, profile, line, recipient, purpose } = job.request;
  const { from: _, until: __, ...queryWithoutDates } = query;
  return exportManifestSchema.parse({
    format: 'voxelwise-export 1',
    site,
    query: profile === 'safe-harbor' ? queryWithoutDates : query,
    asOf: job.asOf.toISOString(),
    profile,
    deIdentification: DE_IDENTIFICATION[profile],
    line,
    recipient,
    purpose,
    codeVersion,
    rows: tally.rows,
    patients: tally.patients,
    splits: tally.splits,
    labels: labelsOf(tally),
    leftOut: tally.leftOut,
    warnings: warningsOf(job, tally, ratios),
    files: [RECORDS_JSONL, RECORDS_CSV].map(name => ({ name, ...files[name]!, rows: tally.rows })),
  });
}

/** With its keys in order, to be read by people too. */
export function manifestText(manifest: ExportManifest): string {
  return `${JSON.stringify(JSON.parse(canonicalize(manifest)!), null, 2)}\n`;
}

export function labelsOf({ labels }: Tally): ExportManifest['labels'] {
  return {
    asPredicted: labels['as-predicted'],
    corrected: labels.corrected,
    rejected: labels.rejected,
    none: labels.none,
  };
}

function warningsOf({ request: { query, profile } }: ExportJob, tally: Tally, ratios: SplitRatios): string[] {
  const warnings: string[] = [];
  const { leftOut, patients, removedEntries, splits } = tally;
  if (patients < FEWEST_GROUPS) {
    warnings.push(
      `There are ${patients} patients; with fewer than ${FEWEST_GROUPS} the splits cannot be near their ratios.`,
    );
  }
  for (const split of SPLITS) {
    const ratio = splits[split].ratio ?? ratios[split];
    if (Math.abs(ratio - ratios[split]) <= RATIO_TOLERANCE) continue;
    warnings.push(`The split ${split} has ${percent(ratio)} of the records instead of ${percent(ratios[split])}.`);
  }
  const others = (query.consents ?? []).filter(consent => consent !== 'granted');
  if (others.length > 0) warnings.push(`Records whose consent is ${others.join(' or ')} are among them, as requested.`);
  if (leftOut['split-conflict'] > 0) {
    warnings.push(
      `${leftOut['split-conflict']} records were left out: their patient had two splits before it was known to be one person.`,
    );
  }
  if (leftOut['identifying-text'] > 0) {
    warnings.push(
      `${leftOut['identifying-text']} records were left out: a text of a program in them looks like an identifier.`,
    );
  }
  if (removedEntries > 0) {
    warnings.push(`${removedEntries} entries of conventions were removed: they look like an identifier or a date.`);
  }
  if (profile === 'safe-harbor' && (query.from !== undefined || query.until !== undefined)) {
    warnings.push('The times of the query are not shown: they would narrow down the dates of the records.');
  }
  return warnings;
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}
