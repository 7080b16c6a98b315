import type { Provenance } from '@voxelwise/contract';
import type { ReviewFold } from './fold.ts';

/** What the quality of a record depends on. */
export interface QualityFacts {
  readonly provenance: Provenance;
  readonly algorithmDigest: string | null;
  readonly seriesUid: string | null;
  readonly instances: readonly unknown[] | null;
  readonly scannerManufacturer: string | null;
  readonly scannerModel: string | null;
  readonly confidence: number | null;
  readonly review: Pick<ReviewFold, 'status' | 'agreement'>;
}

export interface QualityRule {
  /** The reason that is given where it takes something off. */
  readonly id: string;
  /** Rules of one group exclude each other: the largest of them counts towards 100. */
  readonly group?: string;
  /** Points of 100 that it can take off. */
  readonly points: number;
  readonly takesOffWhere: string;
  /** 0 to 1: how much of its points it takes off. */
  readonly share: (facts: QualityFacts) => number;
}

const where = (holds: (facts: QualityFacts) => boolean) => (facts: QualityFacts) => (holds(facts) ? 1 : 0);

/** Everything that takes something off the quality. docs/quality-score.md shows this table; a test compares them. */
export const QUALITY_RULES: readonly QualityRule[] = [
  {
    id: 'viewer-unknown',
    points: 3,
    takesOffWhere: 'the viewer and its version are not named',
    share: where(({ provenance }) => provenance.viewer === undefined),
  },
  {
    id: 'extension-unknown',
    points: 4,
    takesOffWhere: 'the extension and its version are not named',
    share: where(({ provenance }) => provenance.extension === undefined),
  },
  {
    id: 'producer-unknown',
    points: 4,
    takesOffWhere: 'the kernel implementation is not named',
    share: where(({ provenance }) => provenance.producer === undefined),
  },
  {
    id: 'device-unknown',
    points: 3,
    takesOffWhere: 'nothing is said of the device that computed',
    share: where(({ provenance: { device } }) => device === undefined || Object.keys(device).length === 0),
  },
  {
    id: 'input-digest-missing',
    points: 8,
    takesOffWhere: 'there is no SHA-256 of the voxels that went in',
    share: where(({ provenance }) => provenance.inputSha256 === undefined),
  },
  {
    id: 'parameters-missing',
    points: 4,
    takesOffWhere: 'there are no parameters to run it again',
    share: where(({ provenance }) => provenance.parameters === undefined),
  },
  {
    id: 'algorithm-digest-missing',
    points: 4,
    takesOffWhere: 'there is no SHA-256 of the model file',
    share: where(({ algorithmDigest }) => algorithmDigest === null),
  },
  {
    id: 'series-unknown',
    points: 4,
    takesOffWhere: 'the series is not named',
    share: where(({ seriesUid }) => seriesUid === null),
  },
  {
    id: 'instances-unknown',
    points: 3,
    takesOffWhere: 'the instances are not named',
    share: where(({ instances }) => instances === null || instances.length === 0),
  },
  {
    id: 'scanner-unknown',
    points: 3,
    takesOffWhere: 'manufacturer or model of the scanner is not named',
    share: where(({ scannerManufacturer, scannerModel }) => scannerManufacturer === null || scannerModel === null),
  },
  {
    id: 'confidence-missing',
    points: 10,
    takesOffWhere: 'the algorithm gives no confidence',
    share: where(({ confidence }) => confidence === null),
  },
  {
    id: 'not-reviewed',
    group: 'review',
    points: 25,
    takesOffWhere: 'nobody has read it',
    share: where(({ review }) => review.status === 'unreviewed'),
  },
  {
    id: 'reads-disagree',
    group: 'review',
    points: 20,
    takesOffWhere: 'two reads disagree and nobody has decided',
    share: where(({ review }) => review.status === 'disputed'),
  },
  {
    id: 'read-once',
    group: 'review',
    points: 10,
    takesOffWhere: 'one person alone has read it',
    share: where(({ review }) => review.status === 'single-read'),
  },
  {
    id: 'agreement-unknown',
    group: 'agreement',
    points: 25,
    takesOffWhere: 'its agreement with a ground truth is not known',
    share: where(({ review }) => review.agreement === null),
  },
  {
    id: 'differs-from-ground-truth',
    group: 'agreement',
    points: 25,
    takesOffWhere: 'it differs from the ground truth: as much of the points as agreement is missing',
    share: ({ review }) => (review.agreement === null ? 0 : 1 - review.agreement),
  },
];

/** A score has this many decimals, so that it prints the same wherever it was summed. */
const DECIMALS = 6;

/** Quality of a record, 0 to 1: 1 less what the rules take off, and the ids of those that did, in the order of the table. */
export function qualityOf(facts: QualityFacts): { score: number; reasons: string[] } {
  const taken = QUALITY_RULES.map(rule => ({ id: rule.id, points: rule.points * rule.share(facts) }));
  const off = taken.reduce((sum, { points }) => sum + points, 0);
  const score = Math.max(0, Number((1 - off / 100).toFixed(DECIMALS)));
  return { score, reasons: taken.filter(({ points }) => points > 0).map(({ id }) => id) };
}
