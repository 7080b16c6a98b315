import type { DynamicVolume } from '../dynamic-volume.ts';
import { meanContrast } from './mean-contrast.ts';
import { arterialWarnings, type SurveyWarning } from './quality.ts';
import type { Survey } from './survey.ts';
import { type VesselCurve, vesselCurve } from './vessel-curve.ts';

/**
 * The arterial curve of voxels that a reader chose, moved or added, with what is to be said about it.
 * @throws RangeError when there is no voxel, one lies outside, or none has contrast
 */
export function aifFromVoxels(
  volume: DynamicVolume,
  voxels: ArrayLike<number>,
  { baseline, brainCurve }: Pick<Survey, 'baseline' | 'brainCurve'>,
): { readonly aif: VesselCurve; readonly warnings: readonly SurveyWarning[] } {
  const { intervalS, signal } = volume;
  const unique = Int32Array.from(new Set(Array.from(voxels))).sort();
  const aif = vesselCurve(unique, meanContrast(volume, unique, baseline), intervalS);
  const warnings = arterialWarnings(
    aif,
    vesselCurve(new Int32Array(), brainCurve, intervalS),
    intervalS,
    signal.kind === 'susceptibility' ? signal.echoTimeS : undefined,
  );
  return { aif, warnings };
}
