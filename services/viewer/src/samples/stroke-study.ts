import { strokePhantom } from '@voxelwise/perfusion/phantoms';
import type { SampleGenerator } from './sample-generator.ts';
import { strokeDicomFile, strokeFirstVoxelMm, strokeUids, strokeVersion } from './stroke-dicom.ts';
import { strokeTruth } from './stroke-truth.ts';

/** Seed of the sample study's noise. */
export const strokeSeed = 7;

/** A CT perfusion series of 45 s with an infarct core and hypoperfusion of known volume. */
export const strokeStudy: SampleGenerator = {
  name: 'stroke-perfusion',
  version: strokeVersion,
  title: 'the stroke CT perfusion phantom',
  generate() {
    // voxels of 1.7 mm with 1 HU of noise are four of 0.86 mm with 2 HU
    const phantom = strokePhantom({
      dimensions: [128, 128, 8],
      sliceIncrementMm: 10,
      timePoints: 45,
      noiseSd: 1,
      wholeNumbers: true,
      seed: strokeSeed,
    });
    const slices = phantom.volume.dimensions[2];
    return {
      seed: strokeSeed,
      instances: slices * phantom.volume.timePoints,
      unit: 'images',
      file: index => strokeDicomFile(phantom, index % slices, Math.floor(index / slices)),
      truth: { ...strokeUids, ...strokeTruth(phantom, strokeFirstVoxelMm(phantom)) },
    };
  },
};
