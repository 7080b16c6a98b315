import type {
  Conventions,
  Kind,
  MammographyPayload,
  PerfusionPayload,
  Profile,
  Provenance,
  SegmentationPayload,
} from '@voxelwise/contract';
import type { FoldedPrediction } from '../truth/folded-predictions.ts';
import type { ExportRow } from './row-schema.ts';

// The last check before a row is written. Identifiers have fields of their own, which are replaced; what programs write as names
// and values of conventions is not known to be free of them.

/** As the service stores people and patients. */
export const PSEUDONYM = /\bp\d+:[A-Za-z0-9_-]{43}/;
const DOTTED_NUMBERS = /\d+(?:\.\d+)+/g;
const CALENDAR_DATE = /(?<!\d)(?:19|20)\d{2}([-./]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)/;

/** Numbers with dots that only a DICOM UID has, and no version of a program. Those made for exports begin with 2.25. */
export function looksLikeForeignUid(text: string): boolean {
  return text.length >= 16 && text.split('.').length >= 5 && !text.startsWith('2.25.');
}

export interface IdentifierFinder {
  /** Whether a whole line of an export holds an identifier of its record, or what looks like one of another. */
  readonly inLine: (line: string) => boolean;
  /** The same of a short text of a program; for Safe Harbor also the name of the site. */
  readonly inText: (text: string) => boolean;
}

/** Finds the identifiers of a record in text. */
export function identifierFinder({ row, fold }: FoldedPrediction, profile: Profile): IdentifierFinder {
  const isSafeHarbor = profile === 'safe-harbor';
  const { inputSha256 } = (row.provenance ?? {}) as Provenance;
  const digests = [
    inputSha256,
    ...row.objects.map(({ sha256 }) => sha256),
    Buffer.from(row.recordSha256).toString('hex'),
  ];
  const known = [
    row.id,
    row.dataKeyId,
    row.patient,
    row.accession,
    row.createdBy,
    ...row.reviews.flatMap(({ id, reader }) => [id, reader]),
    ...(isSafeHarbor ? digests : []),
  ].filter(text => typeof text === 'string');
  const uids = new Set([row.studyUid, row.seriesUid, ...instanceUidsOf(row, fold.groundTruth)]);
  const site = new RegExp(`(?<![A-Za-z0-9])${row.site.replaceAll('.', '\\.')}(?![A-Za-z0-9])`, 'i');

  const inLine = (line: string) =>
    PSEUDONYM.test(line) ||
    known.some(identifier => line.includes(identifier)) ||
    (line.match(DOTTED_NUMBERS) ?? []).some(token => uids.has(token) || looksLikeForeignUid(token));
  return { inLine, inText: text => inLine(text) || (isSafeHarbor && site.test(text)) };
}

function instanceUidsOf({ kind, instances, payload }: FoldedPrediction['row'], groundTruth: unknown): string[] {
  const payloads = kind === 'mammography' ? [payload, groundTruth] : [];
  const findings = payloads.flatMap(one => (one as MammographyPayload | null)?.findings ?? []);
  return [...((instances ?? []) as { sopInstanceUid: string }[]), ...findings].map(
    ({ sopInstanceUid }) => sopInstanceUid,
  );
}

/**
 * Conventions without the entries that hold an identifier, or for Safe Harbor a date, and how many these were. The other entries
 * say the same without them.
 */
export function cleanedConventions(
  conventions: Conventions,
  profile: Profile,
  finder: IdentifierFinder,
): { conventions: Conventions; removed: number } {
  const entries = Object.entries(conventions);
  const kept = entries.filter(([, value]) =>
    [value].flat().every(one => {
      const text = String(one);
      return !finder.inText(text) && !(profile === 'safe-harbor' && CALENDAR_DATE.test(text));
    }),
  );
  return { conventions: Object.fromEntries(kept), removed: entries.length - kept.length };
}

/** Short texts of programs in a row, beside its conventions. */
export function textsOf({ algorithm, image, kind, label, prediction, software }: ExportRow): string[] {
  const { viewer, extension, producer } = software;
  const texts = [
    algorithm.name,
    algorithm.version,
    viewer?.name,
    viewer?.version,
    extension?.name,
    extension?.version,
    producer,
    image.scanner.manufacturer,
    image.scanner.model,
    ...[prediction, label.payload].flatMap(payload => (payload ? textsOfPayload(kind, payload) : [])),
  ];
  return texts.filter(text => typeof text === 'string');
}

function textsOfPayload(kind: Kind, payload: ExportRow['prediction']): string[] {
  if (kind === 'perfusion') return (payload as PerfusionPayload).regions.map(({ label }) => label);
  if (kind !== 'segmentation') return [];
  const { segments } = payload as SegmentationPayload;
  return segments.flatMap(({ code, mask }) => [code.value, code.scheme, code.meaning, ...(mask ? [mask] : [])]);
}
