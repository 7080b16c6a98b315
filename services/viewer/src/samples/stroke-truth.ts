import type { StrokePhantom } from '@voxelwise/perfusion/phantoms';

/** True volumes of the phantom and its arterial curve, from the labels of its voxels and from nothing that was measured. */
export const strokeTruthConvention = {
  core: 'CBF below 30 % of the normal value of the same tissue (gray 60, white 25 mL/100 g/min)',
  hypoperfusion: 'Tmax above 6 s; true Tmax is the delay after the artery',
  mismatch: 'hypoperfusion - core; ratio: hypoperfusion / core',
  residue: 'exponential, MTT = 60 x CBV / CBF; hematocrit factor 0.73, tissue density 1.04 g/mL',
  noise: 'normal, independent between voxels; images are whole HU',
  slices: 'by ascending z, all indices 0-based; voxel = (slice x rows + row) x columns + column',
};

/** @param firstVoxelMm patient position (LPS, mm) of the center of voxel [0, 0, 0] */
export function strokeTruth(phantom: StrokePhantom, firstVoxelMm: readonly [number, number, number]) {
  const { volume, parameters } = phantom;
  const { coreFlow, penumbraFlow, delayS, arrivalS, noiseSd } = parameters;
  return {
    convention: strokeTruthConvention,
    dimensions: volume.dimensions,
    spacingMm: volume.spacingMm,
    firstVoxelMm,
    timePoints: volume.timePoints,
    intervalS: volume.intervalS,
    noiseSdHu: noiseSd,
    lesion: { side: 'right', coreFlow, penumbraFlow, delayS },
    coreMl: phantom.coreMl,
    hypoperfusionMl: phantom.hypoperfusionMl,
    mismatchMl: phantom.hypoperfusionMl - phantom.coreMl,
    mismatchRatio: phantom.hypoperfusionMl / phantom.coreMl,
    arrivalS,
    aifHu: [...phantom.aif],
    vofHu: [...phantom.vof],
    arteryVoxels: [...phantom.arteryVoxels],
    sinusVoxels: [...phantom.sinusVoxels],
  };
}
