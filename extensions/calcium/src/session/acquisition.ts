import { ctAcquisitionOf } from '@voxelwise/dicom';
import { type AcquisitionFacts, acquisitionFacts } from '../core/index.ts';
import type { CtSeries } from './ct-series.ts';

/** What bears on the meaning of the score. */
export function factsOf({ loaded, spacingMm, padded }: CtSeries): AcquisitionFacts {
  return acquisitionFacts(loaded.instances.map(ctAcquisitionOf), { incrementMm: spacingMm[2], padded });
}
