import type { PerfusionMaps } from '../maps.ts';
import {
  type BloodSupply,
  NORMAL_GRAY_MATTER,
  NORMAL_WHITE_MATTER,
  STROKE_TISSUES,
  type StrokeTissue,
} from './stroke-tissues.ts';

/** Rules that core and hypoperfusion are named by. */
const CORE_FLOW = 0.3;
const HYPOPERFUSION_TMAX_S = 6;

/**
 * True maps and volumes from the labels of the voxels, and from nothing that was measured.
 * @param peakTimesS from the arrival in the arteries to the peak of a tissue's curve
 */
export function strokeTruth(
  labels: Uint8Array,
  supplies: ReadonlyMap<StrokeTissue, BloodSupply>,
  peakTimesS: ReadonlyMap<StrokeTissue, number>,
  spacingMm: readonly [number, number, number],
) {
  const perLabel = STROKE_TISSUES.map(tissue => {
    const supply = supplies.get(tissue);
    if (!supply) {
      const none = { CBF: Number.NaN, CBV: Number.NaN, MTT: Number.NaN, Tmax: Number.NaN, TTP: Number.NaN };
      return { values: none, core: 0, hypoperfused: 0 };
    }
    const { cbf, cbv, delayS } = supply;
    const normal = tissue.startsWith('gray matter') ? NORMAL_GRAY_MATTER : NORMAL_WHITE_MATTER;
    return {
      values: { CBF: cbf, CBV: cbv, MTT: (60 * cbv) / cbf, Tmax: delayS, TTP: peakTimesS.get(tissue)! },
      core: cbf < CORE_FLOW * normal.cbf ? 1 : 0,
      hypoperfused: delayS > HYPOPERFUSION_TMAX_S ? 1 : 0,
    };
  });
  const mapOf = (map: keyof PerfusionMaps) => Float32Array.from(labels, label => perLabel[label]!.values[map]);
  const core = labels.map(label => perLabel[label]!.core);
  const hypoperfusion = labels.map(label => perLabel[label]!.hypoperfused);
  const maps: PerfusionMaps = {
    CBF: mapOf('CBF'),
    CBV: mapOf('CBV'),
    MTT: mapOf('MTT'),
    Tmax: mapOf('Tmax'),
    TTP: mapOf('TTP'),
  };
  const voxelMl = (spacingMm[0] * spacingMm[1] * spacingMm[2]) / 1000;
  const ml = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0) * voxelMl;
  return { maps, core, hypoperfusion, coreMl: ml(core), hypoperfusionMl: ml(hypoperfusion) };
}
