import type { Provenance } from '@voxelwise/contract';
import type { QualityFacts } from '../truth/quality.ts';
import type { RecordColumns } from './record-content.ts';

/** What the quality of a record depends on, from its columns. */
export function qualityFacts(
  columns: Record<keyof RecordColumns, unknown>,
  review: QualityFacts['review'],
): QualityFacts {
  // The columns hold what the contract let in.
  const of = columns as unknown as Omit<QualityFacts, 'review'> & { readonly provenance: Provenance };
  const { provenance, algorithmDigest, seriesUid, instances, scannerManufacturer, scannerModel, confidence } = of;
  return { provenance, algorithmDigest, seriesUid, instances, scannerManufacturer, scannerModel, confidence, review };
}
