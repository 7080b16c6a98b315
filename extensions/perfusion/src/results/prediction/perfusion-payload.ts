import { type Conventions, labelOf, type PerfusionPayload } from '@voxelwise/records';
import { type DeconvolutionMethod, PERFUSION_MAPS, type PerfusionMap } from '../../core/index.ts';
import { isPerVolume } from '../color-map/map-display.ts';
import type { PerfusionResult, RegionStatistics } from '../perfusion-result.ts';

type RegionRow = PerfusionPayload['regions'][number];

/** What the contract takes. */
const MOST_ROWS = 500;

/**
 * The result as the data service keeps it, unrounded. Regions are numbered, because what a reader has called them may be about a
 * person.
 */
export function perfusionPayload({ maps, stroke, regions, settings }: PerfusionResult): PerfusionPayload {
  const per = isPerVolume(settings.constants) ? '100ml' : '100g';
  const unitOf = (map: PerfusionMap) =>
    map === 'CBF' ? (`ml/${per}/min` as const) : map === 'CBV' ? (`ml/${per}` as const) : 's';
  const rows = (label: string, { maps: measured }: Pick<RegionStatistics, 'maps'>): RegionRow[] =>
    PERFUSION_MAPS.flatMap(map => {
      const statistics = measured[map];
      if (!statistics || statistics.voxels === 0) return [];
      return [{ label, map, mean: statistics.mean, unit: unitOf(map), voxels: statistics.voxels }];
    });
  return {
    maps: PERFUSION_MAPS.filter(map => maps[map].length > 0),
    coreVolumeMl: stroke ? stroke.coreMl : null,
    hypoperfusedVolumeMl: stroke ? stroke.hypoperfusedMl : null,
    regions: regions
      .flatMap((region, index) => [
        ...rows(`region-${index + 1}`, region),
        ...(region.mirrored ? rows(`region-${index + 1}-mirrored`, region.mirrored) : []),
      ])
      .slice(0, MOST_ROWS),
  };
}

/** What the result rests on. Results of different conventions are different predictions, not corrections of each other. */
export function perfusionConventions({ settings, stroke }: PerfusionResult): Conventions {
  const { signal, method, smoothing, constants, aif, vof } = settings;
  return {
    signal: signal.kind,
    ...(signal.kind === 'susceptibility' && { echoTimeS: signal.echoTimeS }),
    timePoints: settings.timePoints,
    intervalS: settings.intervalS,
    isResampled: settings.isResampled,
    baseline: [...settings.baseline],
    temporalSigmaS: smoothing.temporalSigmaS,
    spatialSigmaMm: smoothing.spatialSigmaMm,
    method: method.name,
    ...parametersOf(method),
    hematocritFactor: constants.hematocritFactor,
    densityGPerMl: constants.densityGPerMl,
    aifChosenBy: aif.chosenBy,
    aifScale: aif.scale,
    ...(vof && { vofChosenBy: vof.chosenBy }),
    ...(stroke && {
      coreFlowPart: stroke.rules.coreFlowPart,
      coreReference: labelOf(stroke.rules.coreReference) ?? '?',
      hypoperfusionTmaxS: stroke.rules.hypoperfusionTmaxS,
      severeTmaxS: stroke.rules.severeTmaxS,
      ...(stroke.rules.leastMl !== null && { leastMl: stroke.rules.leastMl }),
      volumeMethod: stroke.rules.method.name,
      ...withPrefix('volume', parametersOf(stroke.rules.method)),
    }),
  };
}

function parametersOf({ name: _, ...parameters }: DeconvolutionMethod): Record<string, number> {
  return parameters;
}

/** truncation becomes volumeTruncation. */
function withPrefix(prefix: string, parameters: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [`${prefix}${name[0]!.toUpperCase()}${name.slice(1)}`, value]),
  );
}

/** The same text for equal results, whatever the order in which a database gives their parts. */
export function perfusionPayloadKey({ maps, regions, coreVolumeMl, hypoperfusedVolumeMl }: PerfusionPayload): string {
  const rows = regions.map(({ label, map, mean, unit, voxels }) => JSON.stringify([label, map, mean, unit, voxels]));
  return JSON.stringify([[...maps].sort(), coreVolumeMl, hypoperfusedVolumeMl, ...rows.sort()]);
}
