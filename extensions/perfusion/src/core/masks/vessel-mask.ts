import type { TissueConstants } from '../maps.ts';

/** Blood volume from which a voxel counts as a vessel, mL/100 g. Gray matter has about 4. */
export const VESSEL_CBV = 9;

/**
 * Voxels that are vessels rather than tissue: their area under the contrast curve corresponds to a blood volume above a limit,
 * CBV = 100 * (hematocrit factor / density) * area / area of the arterial input.
 * @param areas area under the contrast curve per voxel, in the unit of `arterialArea`; NaN outside the brain
 * @returns 1 in a vessel; all 0 without a positive arterial area
 */
export function vesselMask(
  areas: Float32Array,
  arterialArea: number,
  { hematocritFactor, densityGPerMl }: TissueConstants,
  limitCbv = VESSEL_CBV,
): Uint8Array {
  const vessels = new Uint8Array(areas.length);
  if (!(arterialArea > 0)) return vessels;
  const limit = (limitCbv * arterialArea * densityGPerMl) / hematocritFactor / 100;
  for (let voxel = 0; voxel < areas.length; voxel++) if (areas[voxel]! > limit) vessels[voxel] = 1;
  return vessels;
}
