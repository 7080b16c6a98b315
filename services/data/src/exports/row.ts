import type {
  Conventions,
  Kind,
  MammographyPayload,
  ObjectReference,
  Profile,
  Provenance,
  SegmentationPayload,
  Split,
} from '@voxelwise/contract';
import type { Content } from '../truth/content.ts';
import type { FoldedPrediction, PredictionRow } from '../truth/folded-predictions.ts';
import { type TrainingLabel, trainingLabel } from '../truth/training-label.ts';
import type { Identifier, Replacements } from './identifiers.ts';
import type { ExportRow } from './row-schema.ts';

type Instance = { sopInstanceUid: string; frames?: number[] };

/** Every identifier that the row of a record will hold a replacement of. */
export function identifiersOfRecord(
  { row, fold }: FoldedPrediction,
  newestPatient: (pseudonym: string) => string,
): Identifier[] {
  const identifiers: Identifier[] = [{ domain: 'record', original: row.id }];
  if (row.patient !== null) identifiers.push({ domain: 'patient', original: newestPatient(row.patient) });
  if (row.studyUid !== null) identifiers.push({ domain: 'study', original: row.studyUid });
  if (row.seriesUid !== null) identifiers.push({ domain: 'series', original: row.seriesUid });
  const instances = (row.instances ?? []) as Instance[];
  for (const { sopInstanceUid } of instances) identifiers.push({ domain: 'instance', original: sopInstanceUid });
  if (row.kind !== 'mammography') return identifiers;
  for (const payload of [row.payload, fold.groundTruth]) {
    for (const { id, sopInstanceUid } of (payload as MammographyPayload | null)?.findings ?? []) {
      identifiers.push({ domain: 'finding', original: id }, { domain: 'instance', original: sopInstanceUid });
    }
  }
  return identifiers;
}

export interface RowContext {
  readonly profile: Profile;
  readonly split: Split;
  readonly quality: { readonly score: number; readonly reasons: string[] };
  readonly replacements: Replacements;
  readonly newestPatient: (pseudonym: string) => string;
}

/** A record as it is exported: identifiers replaced, no free text, of dates what the profile allows. */
export function exportRow(folded: FoldedPrediction, context: RowContext): ExportRow {
  const { row, content, fold } = folded;
  const { profile, replacements } = context;
  const kind = row.kind as Kind;
  const label = trainingLabel(content.payload, fold);
  const replace = replacements.replacementOf;
  const remap = (payload: Content['payload']) => remappedPayload(kind, payload, profile, replacements);
  const provenance = (row.provenance ?? {}) as Provenance;
  const common = {
    id: replace('record', row.id),
    split: context.split,
    kind,
    patient: row.patient === null ? null : replace('patient', context.newestPatient(row.patient)),
    sex: row.sex as ExportRow['sex'],
    ageBand: row.ageBand as ExportRow['ageBand'],
    image: imageOf(row, replacements),
    algorithm: { name: row.algorithmName, version: row.algorithmVersion, digest: row.algorithmDigest },
    confidence: row.confidence,
    conventions: (row.conventions ?? {}) as Conventions,
    parameters: provenance.parameters ?? null,
    software: {
      viewer: provenance.viewer ?? null,
      extension: provenance.extension ?? null,
      producer: provenance.producer ?? null,
    },
    prediction: remap(content.payload),
    label: {
      decision: label.decision,
      source: sourceOf(label),
      level: fold.groundTruthLevel,
      agreement: fold.agreement,
      payload: label.payload && remap(label.payload),
    },
    quality: context.quality,
  };
  if (profile === 'safe-harbor') return { ...common, producedYear: row.producedAt.getUTCFullYear() };
  return {
    ...common,
    producedAt: row.producedAt.toISOString(),
    storedAt: row.createdAt.toISOString(),
    inputSha256: provenance.inputSha256 ?? null,
    objects: objectsOf(row),
  };
}

function sourceOf({ decision }: TrainingLabel): 'prediction' | 'review' | null {
  if (decision === 'none') return null;
  return decision === 'as-predicted' ? 'prediction' : 'review';
}

function imageOf(row: PredictionRow, { replacementOf }: Replacements): ExportRow['image'] {
  const instances = (row.instances ?? []) as Instance[];
  return {
    study: replacementOf('study', row.studyUid!),
    series: row.seriesUid === null ? null : replacementOf('series', row.seriesUid),
    instances: instances.map(({ sopInstanceUid, ...rest }) => ({
      ...rest,
      sopInstanceUid: replacementOf('instance', sopInstanceUid),
    })),
    modality: row.modality,
    scanner: { manufacturer: row.scannerManufacturer, model: row.scannerModel },
  };
}

function remappedPayload(
  kind: Kind,
  payload: Content['payload'],
  profile: Profile,
  { replacementOf }: Replacements,
): Content['payload'] {
  if (kind === 'mammography') {
    const mammography = payload as MammographyPayload;
    return {
      ...mammography,
      findings: mammography.findings.map(finding => ({
        ...finding,
        id: replacementOf('finding', finding.id),
        sopInstanceUid: replacementOf('instance', finding.sopInstanceUid),
      })),
    };
  }
  if (kind === 'segmentation' && profile === 'safe-harbor') {
    // Names of objects that are not in the export.
    const { segments } = payload as SegmentationPayload;
    return { segments: segments.map(({ mask: _, ...segment }) => segment) };
  }
  return payload;
}

function objectsOf({ objects }: PredictionRow): ObjectReference[] {
  return objects
    .map(({ name, sha256, object: { sizeBytes, mediaType } }) => ({
      name,
      sha256,
      sizeBytes: Number(sizeBytes),
      mediaType,
    }))
    .sort((one, other) => (`${one.name} ${one.sha256}` < `${other.name} ${other.sha256}` ? -1 : 1));
}
