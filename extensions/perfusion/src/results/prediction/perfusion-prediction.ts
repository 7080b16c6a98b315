import { imagedPersonOf, joinedTextOf, type NaturalDataSet } from '@voxelwise/dicom';
import type { Host } from '@voxelwise/host';
import {
  type Attachment,
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
import { VERSION } from '../../version.generated.ts';
import { runsOfMask } from '../dicom/voxel-runs.ts';
import type { PerfusionResult } from '../perfusion-result.ts';
import { perfusionConventions, perfusionPayload } from './perfusion-payload.ts';

/** What computes a result here. */
export const ALGORITHM = { name: 'Voxelwise perfusion', version: VERSION } as const;
const EXTENSION_NAME = '@voxelwise/perfusion';

/** What a result was computed from. */
export interface PredictedSeries {
  /** All images of the series; a multi-frame image may be there once for each of its frames. */
  readonly instances: readonly NaturalDataSet[];
  /** The voxels that went in, as they were computed with. */
  readonly voxels: Int16Array | Float32Array;
}

/** Lists of numbers in a record hold no more; of more voxels it says how many there are. */
const MOST_NUMBERS = 64;

/** A new prediction of a result, with everything it takes to run it again and compare. */
export async function perfusionPrediction(
  result: PerfusionResult,
  { instances, voxels }: PredictedSeries,
  host: Host,
  attachments: readonly Attachment[],
): Promise<PredictionInput> {
  const [first = {}] = instances;
  const sopInstanceUids = new Set(instances.map(({ SOPInstanceUID }) => String(SOPInstanceUID)));
  const inputSha256 = await inputDigest(voxels);
  const { settings, run, timingsMs, dimensions, spacingMm, software } = result;
  // A result that was stored by another version is that version's, whoever confirms it.
  const extension = { name: EXTENSION_NAME, version: software.version };
  const text = (keyword: Parameters<typeof joinedTextOf>[1]) => joinedTextOf(first, keyword);
  return {
    id: newId(),
    kind: 'perfusion',
    producedAt: new Date().toISOString(),
    subject: recordedSubject(text, imagedPersonOf(first)),
    image: {
      studyUid: text('StudyInstanceUID'),
      seriesUid: text('SeriesInstanceUID'),
      instances: [...sopInstanceUids].map(sopInstanceUid => ({ sopInstanceUid })),
      modality: settings.signal.kind === 'attenuation' ? 'CT' : 'MR',
      ...recordedScanner(text),
    },
    algorithm: software,
    confidence: null,
    payload: perfusionPayload(result),
    conventions: perfusionConventions(result),
    provenance: {
      ...recordedProvenance(host, extension, run, { ...timingsMs, maps: run.milliseconds }),
      ...(inputSha256 && { inputSha256 }),
      parameters: {
        dimensions: [...dimensions],
        spacingMm: [...spacingMm],
        voxelType: voxels instanceof Float32Array ? 'float32' : 'int16',
        maskVoxels: settings.maskVoxels,
        ...choiceOf('aif', settings.aif.voxels),
        ...(settings.vof && choiceOf('vof', settings.vof.voxels)),
      },
    },
    ...(attachments.length > 0 && { objects: attachments.map(referenceOf) }),
  };
}

function choiceOf(vessel: 'aif' | 'vof', voxels: readonly number[]): Record<string, number | number[]> {
  return {
    [`${vessel}VoxelCount`]: voxels.length,
    ...(voxels.length <= MOST_NUMBERS && { [`${vessel}Voxels`]: [...voxels] }),
  };
}

/**
 * What belongs to a result and is too large for a record: masks of core and hypoperfusion, and settings and curves, without any
 * identifier and without the names of regions. None on a page that is not secure, where browsers compute no digests.
 */
export async function perfusionAttachments(result: PerfusionResult): Promise<Attachment[]> {
  const { settings, stroke, curves, dimensions } = result;
  const text = JSON.stringify({
    format: 'voxelwise-perfusion settings 1',
    settings,
    rules: stroke?.rules ?? null,
    timesS: Array.from(curves.timesS),
    curves: curves.curves.map(({ kind, values }) => ({ kind, values: Array.from(values) })),
  });
  const maskOf = (mask: Uint8Array) => packedMask(runsOfMask(mask, dimensions[0]), dimensions);
  const contents: [name: string, mediaType: string, content: Uint8Array<ArrayBuffer>][] = [
    ['settings', 'application/octet-stream', new TextEncoder().encode(text)],
    ...(stroke
      ? ([
          ['mask-core', MASK_MEDIA_TYPE, maskOf(stroke.core)],
          ['mask-hypoperfusion', MASK_MEDIA_TYPE, maskOf(stroke.hypoperfused)],
        ] as const)
      : []
    ).map(([name, mediaType, content]): [string, string, Uint8Array<ArrayBuffer>] => [name, mediaType, content]),
  ];
  const attachments: Attachment[] = [];
  for (const [name, mediaType, content] of contents) {
    const sha256 = await sha256Of(content);
    if (sha256) attachments.push({ name, mediaType, sha256, content: new Blob([content]) });
  }
  return attachments;
}

const digests = new WeakMap<Int16Array | Float32Array, Promise<string | null>>();

/** SHA-256 of the voxels, little-endian, in the layout of a dynamic volume. */
function inputDigest(voxels: Int16Array | Float32Array): Promise<string | null> {
  const known = digests.get(voxels);
  if (known) return known;
  const digest = sha256Of(voxels as Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer>);
  digests.set(voxels, digest);
  return digest;
}
