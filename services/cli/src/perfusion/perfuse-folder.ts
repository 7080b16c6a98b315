import { type DynamicVolume, PERFUSION_MAPS, STROKE_METHOD } from '@voxelwise/perfusion/core';
import { DEFAULT_COLOR_MAP, delayWarnings, MAP_DISPLAYS, type PerfusionResult } from '@voxelwise/perfusion/results';
import { type LoadedDynamicSeries, loadDynamicSeries } from '../dicom-folder/load-dynamic-series.ts';
import type { FolderArguments } from './arguments.ts';
import { arterialVoxels, readArterialRegions } from './arterial-region.ts';
import { computeMaps } from './compute-maps.ts';
import { measureStroke } from './measure-stroke.ts';
import { methodAt } from './method.ts';
import { type SurveyedSeries, surveySeries } from './survey-series.ts';
import { assertSingleImages } from './write-objects.ts';

/** A finished run over one folder. */
export interface PerfusedFolder {
  readonly series: LoadedDynamicSeries;
  readonly surveyed: SurveyedSeries;
  readonly result: PerfusionResult;
}

/** What the maps are shown in at first. */
const RANGES = Object.fromEntries(
  PERFUSION_MAPS.map(map => [map, MAP_DISPLAYS[map].range]),
) as PerfusionResult['display']['ranges'];

/** Who made the result, in what is printed and written. */
const SOFTWARE_NAME = 'Voxelwise command line';

/**
 * Loads the 4D series of a folder, finds its artery, computes its maps and measures core and hypoperfusion.
 * @throws Refusal with one sentence when the input does not allow it.
 */
export async function perfuseFolder(
  args: FolderArguments,
  version: string,
  onProgress: (message: string) => void,
): Promise<PerfusedFolder> {
  const { folder, seriesUid, aifPath, isScaledByVof, dicomPath } = args;
  const aifFile = aifPath === undefined ? null : { content: await readArterialRegions(aifPath) };
  const lap = stopwatch();
  const series = await loadDynamicSeries(folder, { ...(seriesUid && { seriesUid }), onProgress });
  if (dicomPath !== undefined) assertSingleImages(series);
  const { volume } = series;
  const read = lap();
  const ownVoxels = aifFile && arterialVoxels(aifFile.content, volume);
  const surveyed = surveySeries(volume, ownVoxels, isScaledByVof, part =>
    onProgress(`Finding brain and vessels ${percent(part)}`),
  );
  const survey = lap();
  const measured = await measure(volume, surveyed, args, onProgress);
  const result: PerfusionResult = {
    ...measured,
    timingsMs: { read, survey, ...measured.timingsMs },
    dimensions: volume.dimensions,
    spacingMm: volume.spacingMm,
    settings: settingsOf(series, surveyed, args),
    display: { colorMap: DEFAULT_COLOR_MAP, ranges: RANGES },
    curves: curvesOf(volume, surveyed),
    regions: [],
    warnings: [
      ...surveyed.warnings.map(({ message }) => message),
      ...delayWarnings(methodAt(args.method, volume.intervalS)),
    ],
    notes: series.information.notes,
    software: { name: SOFTWARE_NAME, version },
  };
  return { series, surveyed, result };
}

/**
 * Maps of the brain by the method that is asked for. Volumes are measured on maps of their own method, of the tissue alone: smoothing
 * would mix the flow of vessels into that of the tissue beside them.
 */
async function measure(
  volume: DynamicVolume,
  surveyed: SurveyedSeries,
  { method, smoothing, constants }: FolderArguments,
  onProgress: (message: string) => void,
): Promise<Pick<PerfusionResult, 'maps' | 'run' | 'stroke' | 'timingsMs'>> {
  const { brainMask, tissueMask } = surveyed.survey;
  const runs = [
    { method: methodAt(method, volume.intervalS), mask: brainMask },
    { method: STROKE_METHOD, mask: tissueMask },
  ];
  const [shown, ofVolumes] = await computeMaps(volume, surveyed, { runs, smoothing, constants }, part =>
    onProgress(`Computing maps ${percent(part)}`),
  );
  onProgress('Measuring volumes');
  const lap = stopwatch();
  const stroke = measureStroke(volume, surveyed.survey, ofVolumes!.maps);
  const timingsMs = { volumeMaps: ofVolumes!.report.milliseconds, volumes: lap() };
  return { maps: shown!.maps, run: shown!.report, stroke, timingsMs };
}

function settingsOf(
  { volume, information }: LoadedDynamicSeries,
  { survey, aif, chosenBy, input }: SurveyedSeries,
  { method, smoothing, constants }: FolderArguments,
): PerfusionResult['settings'] {
  const { signal, timePoints, intervalS } = volume;
  return {
    ...{ signal, timePoints, intervalS, smoothing, constants },
    isResampled: information.isResampled,
    baseline: survey.baseline,
    method: methodAt(method, intervalS),
    aif: { voxels: [...aif.voxels], chosenBy, scale: input.factor },
    vof: survey.vof && { voxels: [...survey.vof.voxels], chosenBy: 'automatic' },
    maskVoxels: survey.brainMask.reduce((count, inside) => count + inside, 0),
  };
}

/** As measured, without the scaling against partial volume. */
function curvesOf(
  { timePoints, intervalS }: DynamicVolume,
  { survey, aif }: SurveyedSeries,
): PerfusionResult['curves'] {
  return {
    timesS: Array.from({ length: timePoints }, (_, t) => t * intervalS),
    curves: [
      { kind: 'aif', name: 'AIF', values: aif.curve },
      ...(survey.vof ? [{ kind: 'vof', name: 'VOF', values: survey.vof.curve } as const] : []),
      { kind: 'tissue', name: 'Brain', values: survey.brainCurve },
    ],
  };
}

function percent(part: number): string {
  return `${Math.round(100 * part)} %`;
}

/** Gives the milliseconds since it was last asked. */
function stopwatch(): () => number {
  let last = performance.now();
  return () => {
    const now = performance.now();
    const passed = now - last;
    last = now;
    return passed;
  };
}
