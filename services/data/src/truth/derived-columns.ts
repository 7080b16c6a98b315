import type { Provenance } from '@voxelwise/contract';
import { Prisma } from '../generated/prisma/client.ts';
import type { FoldedPrediction, PredictionRow } from './folded-predictions.ts';
import { qualityOf } from './quality.ts';

/** Columns of a prediction that its quality depends on. */
type QualityColumns = Pick<
  PredictionRow,
  'provenance' | 'algorithmDigest' | 'seriesUid' | 'instances' | 'scannerManufacturer' | 'scannerModel' | 'confidence'
>;

type Folded = Pick<FoldedPrediction, 'fold'> & { readonly row: QualityColumns };

/** The quality of a record as its reviews stand. */
export function qualityOfRecord({ row, fold }: Folded): { score: number; reasons: string[] } {
  return qualityOf({
    ...row,
    provenance: (row.provenance ?? {}) as Provenance,
    instances: row.instances as unknown[] | null,
    review: fold,
  });
}

/** What is stored of a record's fold, for queues, lists and metrics. Written in the transaction of the review that changed it. */
export function derivedColumns({ row, fold }: Folded) {
  const { score, reasons } = qualityOfRecord({ row, fold });
  return {
    status: fold.status,
    reviewCount: fold.count,
    groundTruth: fold.groundTruth === null ? Prisma.DbNull : (fold.groundTruth as Prisma.InputJsonValue),
    groundTruthLevel: fold.groundTruthLevel,
    agreement: fold.agreement,
    quality: score,
    qualityReasons: reasons,
  };
}
