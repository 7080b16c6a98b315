import { type DerivedSource, DicomResultError } from '@voxelwise/dicom';
import { PERFUSION_MAPS, type PerfusionMap, type PerfusionMaps } from '../../core/index.ts';
import type { PerfusionResult, VesselChoice } from '../perfusion-result.ts';
import { sliceName } from './plain-result.ts';
import { readPerfusionMap } from './read-maps.ts';
import type { StoredPerfusionReport } from './read-report.ts';
import { readPerfusionSegmentation } from './read-segmentation.ts';
import type { SegmentName } from './write-segmentation.ts';

/** The files that a report names, in any order. */
export interface PerfusionFiles {
  readonly maps: readonly Uint8Array[];
  readonly segmentation: Uint8Array;
}

/** Volumes that are sums of voxels agree to this part of them. */
const ROUNDING = 1e-6;

/**
 * The result that was stored, as it was: maps to the last bit, masks, settings, curves and numbers.
 * @param source the slices that the result was made on, in their order
 * @throws DicomResultError where the files do not belong to the report or to the slices, or contradict each other
 */
export function readPerfusionObjects(
  report: StoredPerfusionReport,
  files: PerfusionFiles,
  source: DerivedSource,
): PerfusionResult {
  assertSlices(report, source);
  const maps = mapsOf(report, files.maps, source);
  const { stroke, ...result } = report.result;
  const { sopInstanceUid, masks } = readPerfusionSegmentation(files.segmentation, source);
  if (sopInstanceUid !== report.segmentation) throw refused('the segmentation is another one than its report names');
  assertVoxels(masks, 'aif', result.settings.aif);
  assertVoxels(masks, 'vof', result.settings.vof);
  if (!stroke) return { ...result, maps, stroke: null };
  const { core, hypoperfused } = masks;
  if (!core || !hypoperfused) throw refused('its segmentation lacks the core or the hypoperfusion');
  const [dx, dy, dz] = result.spacingMm;
  const volumes = [
    ['core', core, stroke.coreMl],
    ['hypoperfusion', hypoperfused, stroke.hypoperfusedMl],
  ] as const;
  for (const [name, mask, statedMl] of volumes) {
    const ml = (mask.reduce((sum, voxel) => sum + voxel, 0) * dx * dy * dz) / 1000;
    if (Math.abs(ml - statedMl) <= ROUNDING * Math.max(1, statedMl)) continue;
    throw refused(`its ${name} has ${statedMl} mL in the report and ${ml} mL in the segmentation`);
  }
  return { ...result, maps, stroke: { ...stroke, core, hypoperfused } };
}

/** Voxels are counted by the slices, so they must be those that the result was made on, in their order. */
function assertSlices({ slices, result }: StoredPerfusionReport, source: DerivedSource): void {
  const [first] = source.slices;
  const [columns, rows, count] = result.dimensions;
  const isSame =
    slices.length === source.slices.length &&
    slices.length === count &&
    first?.columns === columns &&
    first.rows === rows &&
    source.slices.every((one, slice) => sliceName(one) === slices[slice]);
  if (isSame) return;
  throw refused(
    `it was made on ${slices.length} slices, which are not the ${source.slices.length} that are loaded now`,
  );
}

function mapsOf(report: StoredPerfusionReport, files: readonly Uint8Array[], source: DerivedSource): PerfusionMaps {
  const read: Partial<Record<PerfusionMap, Float32Array>> = {};
  for (const file of files) {
    const { map, sopInstanceUid, values } = readPerfusionMap(file, source);
    if (sopInstanceUid === report.maps[map]) read[map] = values;
  }
  const missing = PERFUSION_MAPS.filter(map => !read[map]);
  if (missing.length > 0) throw refused(`the maps that it names are missing: ${missing.join(', ')}`);
  return read as PerfusionMaps;
}

function assertVoxels(
  masks: Partial<Record<SegmentName, Uint8Array>>,
  name: 'aif' | 'vof',
  choice: VesselChoice | null,
): void {
  const mask = masks[name];
  const voxels = new Set(choice?.voxels ?? []);
  const count = mask?.reduce((sum, voxel) => sum + voxel, 0) ?? 0;
  if (count === voxels.size && [...voxels].every(voxel => mask![voxel] === 1)) return;
  throw refused(`its ${name.toUpperCase()} has other voxels in the report than in the segmentation`);
}

function refused(reason: string): DicomResultError {
  return new DicomResultError(`The perfusion result cannot be reopened: ${reason}.`);
}
