import { imagedPersonOf, joinedTextOf } from '@voxelwise/dicom';
import type { Host } from '@voxelwise/host';
import {
  type Attachment,
  type CalciumPayload,
  type Conventions,
  MASK_MEDIA_TYPE,
  newId,
  type PredictionInput,
  packedMask,
  recordedProvenance,
  recordedScanner,
  recordedSubject,
  referenceOf,
  sha256Of,
} from '@voxelwise/records';
import { editsAsPlain, type LabeledLesions, VESSELS, voxelsOfLabel } from '../core/index.ts';
import { VERSION } from '../version.generated.ts';
import { conventionsOf, payloadOf } from './calcium-payload.ts';
import type { CalciumSession } from './calcium-session.ts';
import type { CtSeries } from './ct-series.ts';
import { assertResult } from './export-report.ts';
import { type CalciumState, scoreTable } from './state.ts';

const EXTENSION = { name: '@voxelwise/calcium', version: VERSION } as const;
export const ALGORITHM = { name: 'Voxelwise calcium', version: VERSION } as const;

/** What is on the screen, as the data service takes it. */
export interface ScoreOnScreen {
  readonly series: CtSeries;
  readonly state: CalciumState;
  readonly labeled: LabeledLesions;
  readonly payload: CalciumPayload;
  readonly conventions: Conventions;
}

/** @throws Error with a sentence for the reader where there is no result, or it is being computed */
export function scoreOnScreen(session: CalciumSession): ScoreOnScreen {
  const state = session.getState();
  const series = session.currentSeries();
  const table = scoreTable(state);
  assertResult(state, table);
  const { labeled, scoredWith, calibration } = state;
  if (!series || !labeled || !scoredWith || !table) throw new Error('there is no result yet.');
  return {
    series,
    state,
    labeled,
    payload: payloadOf(table),
    conventions: conventionsOf(scoredWith.convention, scoredWith.thresholds, calibration),
  };
}

/** UIDs of the study and of the series that is scored. */
export function imageUidsOf({ loaded }: CtSeries): { studyUid: string; seriesUid: string } {
  const [{ StudyInstanceUID, SeriesInstanceUID } = {}] = loaded.instances;
  return { studyUid: String(StudyInstanceUID), seriesUid: String(SeriesInstanceUID) };
}

/** A new prediction of the score, with everything it takes to run it again and compare. */
export async function predictionOf(
  { series, state, labeled, payload, conventions }: ScoreOnScreen,
  host: Host,
  attachments: readonly Attachment[],
): Promise<PredictionInput> {
  const [first = {}] = series.loaded.instances;
  const inputSha256 = await inputDigest(series);
  return {
    id: newId(),
    kind: 'calcium',
    producedAt: new Date().toISOString(),
    subject: recordedSubject(keyword => joinedTextOf(first, keyword), imagedPersonOf(first)),
    image: {
      ...imageUidsOf(series),
      instances: series.loaded.instances.map(({ SOPInstanceUID }) => ({ sopInstanceUid: String(SOPInstanceUID) })),
      modality: 'CT',
      ...recordedScanner(keyword => joinedTextOf(first, keyword)),
    },
    algorithm: ALGORITHM,
    confidence: null,
    payload,
    conventions,
    provenance: {
      ...recordedProvenance(host, EXTENSION, state.report, { lesions: state.report?.milliseconds ?? 0 }),
      ...(inputSha256 && { inputSha256 }),
      parameters: {
        dimensions: [...series.dimensions],
        spacingMm: [...series.spacingMm],
        voxelType: series.loaded.readSlice(0) instanceof Float32Array ? 'float32' : 'int16',
        edits: state.history.present.edits.length,
        heartRegionShapes: state.scoredWith?.region?.shapes.length ?? 0,
        confirmedZero: state.zeroConfirmed,
        parts: labeled.parts.count,
      },
    },
    ...(attachments.length > 0 && { objects: attachments.map(referenceOf) }),
  };
}

/** More than this is not attached; the record says so by having no objects. */
const LARGEST_BYTES = 64 * 2 ** 20;

/**
 * What belongs to a score and is too large for a record: a mask of every vessel with calcium, and what the reader has decided by
 * drawing and clicking, without any identifier. None on a page that is not secure, where browsers compute no digests.
 */
export async function attachmentsOf({ series, state, labeled }: ScoreOnScreen): Promise<Attachment[]> {
  const { edits, region } = state.history.present;
  const decisions = JSON.stringify({ format: 'voxelwise-calcium decisions 1', region, edits: editsAsPlain(edits) });
  const contents: [name: string, mediaType: string, content: Uint8Array<ArrayBuffer>][] = [
    ['decisions', 'application/octet-stream', new TextEncoder().encode(decisions)],
  ];
  for (const vessel of VESSELS) {
    const runs = voxelsOfLabel(labeled, vessel);
    if (runs.row.length === 0) continue;
    contents.push([`mask-${vessel}`, MASK_MEDIA_TYPE, packedMask(runs, series.dimensions)]);
  }
  if (contents.reduce((sum, [, , { byteLength }]) => sum + byteLength, 0) > LARGEST_BYTES) return [];
  const attachments: Attachment[] = [];
  for (const [name, mediaType, content] of contents) {
    const sha256 = await sha256Of(content);
    if (sha256) attachments.push({ name, mediaType, sha256, content: new Blob([content]) });
  }
  return attachments;
}

const digests = new WeakMap<CtSeries, Promise<string | null>>();

/** SHA-256 of the voxels that were scored: HU, padding excluded, little-endian, x fastest, slices in the viewer's order. */
function inputDigest(series: CtSeries): Promise<string | null> {
  const known = digests.get(series);
  if (known) return known;
  const { voxels } = series.readVolume();
  const digest = sha256Of(voxels as Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer>);
  digests.set(series, digest);
  return digest;
}
