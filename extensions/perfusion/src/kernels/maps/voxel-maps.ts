import type { PerfusionMaps, PerfusionValues } from '../../core/maps.ts';

/** Maps that know nothing of any voxel. */
export function emptyMaps(voxels: number): PerfusionMaps {
  const map = () => new Float32Array(voxels).fill(Number.NaN);
  return { CBF: map(), CBV: map(), MTT: map(), Tmax: map(), TTP: map() };
}

export function setVoxel(
  { CBF, CBV, MTT, Tmax, TTP }: PerfusionMaps,
  voxel: number,
  { cbf, cbv, mttS, tmaxS, ttpS }: PerfusionValues,
): void {
  CBF[voxel] = cbf;
  CBV[voxel] = cbv;
  MTT[voxel] = mttS;
  Tmax[voxel] = tmaxS;
  TTP[voxel] = ttpS;
}
