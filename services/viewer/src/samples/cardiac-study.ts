import { cardiacDicomFile, cardiacUids, firstVoxelMm } from './cardiac-dicom.ts';
import { cardiacPhantom, phantomVersion } from './cardiac-phantom.ts';
import type { SampleGenerator } from './sample-generator.ts';
import { phantomTruth } from './truth.ts';

/** Seed of the sample study's noise and lung vessels. */
export const cardiacSeed = 20;

/** A gated chest CT with coronary calcifications of known score. */
export const cardiacStudy: SampleGenerator = {
  name: 'cardiac-calcium',
  version: phantomVersion,
  title: 'the cardiac CT phantom',
  generate() {
    const phantom = cardiacPhantom({ seed: cardiacSeed });
    return {
      seed: cardiacSeed,
      instances: phantom.dimensions[2],
      unit: 'slices',
      file: slice => cardiacDicomFile(phantom, slice),
      truth: { ...cardiacUids, ...phantomTruth(phantom, firstVoxelMm) },
    };
  },
};
