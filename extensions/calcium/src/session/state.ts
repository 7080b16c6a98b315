import type { RunReport } from '@voxelwise/compute';
import type { DisplaySet } from '@voxelwise/host';
import {
  type AcquisitionFacts,
  type Convention,
  type Interpretation,
  interpretScore,
  isLargeStructure,
  type Label,
  type LabeledLesions,
  lesionWarnings,
  type MassCalibration,
  type Person,
  type Score,
  scoreLesion,
  scoreVessels,
  type ThresholdChoice,
  type VesselScores,
  vesselsOfParts,
} from '../core/index.ts';
import type { DecisionHistory } from './decisions.ts';
import type { SitePercentiles } from './site-percentiles.ts';
import type { ThresholdPreview } from './threshold-preview.ts';

/** Where the session stands with its series. */
export type Phase = 'no-series' | 'loading' | 'computing' | 'ready' | 'refused';

/** What the primary button does in the axial view. */
export type Tool = 'assign' | 'split' | 'brush' | 'heart-ellipse' | 'heart-freehand';

export interface Brush {
  readonly radiusMm: number;
  /** Slices above and below the one that is painted on. */
  readonly reachSlices: number;
}

export interface CalciumState {
  readonly phase: Phase;
  /** Why a series is refused; otherwise ''. */
  readonly message: string;
  readonly progress: { readonly loaded: number; readonly total: number };
  /** CT series of the study that can be chosen. */
  readonly series: readonly DisplaySet[];
  readonly displaySetUid: string | null;
  readonly convention: Convention;
  /** Which thresholds the reader wants at voltages other than the standard one. */
  readonly thresholds: ThresholdChoice;
  /** Of the checked series; null while there is none. */
  readonly facts: AcquisitionFacts | null;
  /** Result under the convention and the decisions; kept on screen while the next one is computed. */
  readonly labeled: LabeledLesions | null;
  /** Goes before the result for scores and tint while the threshold is dragged; null when it rests. */
  readonly preview: ThresholdPreview | null;
  readonly report: RunReport | null;
  /** When another producer than the first choice computed it; otherwise ''. */
  readonly computeNotice: string;
  /** How much of a long computation is done, from 0 to 1; null while none is under way that takes long. */
  readonly scoring: number | null;
  readonly history: DecisionHistory;
  readonly tool: Tool;
  readonly brush: Brush;
  /** What a click or a brush stroke says of calcium; null clears. */
  readonly activeLabel: Label | null;
  /** Part that was clicked or chosen last, -1 for none. */
  readonly selectedPart: number;
  /** Why the last action did nothing; otherwise ''. */
  readonly hint: string;
  /** The reader has looked and found no coronary calcium: only then is a score of 0 a result. */
  readonly zeroConfirmed: boolean;
  /** Null until the reader gives one: then there is a mass. */
  readonly calibration: MassCalibration | null;
  /** For risk and percentile; from the header, completed by the reader. */
  readonly person: Person;
  /** The site's reference scores; without a table until they are read. */
  readonly percentiles: SitePercentiles;
  /** Of the acquisition and the convention; see allWarnings. */
  readonly warnings: readonly string[];
  /** A report is being made. */
  readonly exporting: boolean;
}

/** Scores per vessel and in total. */
export interface ScoreTable extends VesselScores {
  /**
   * Null while there is no result: until a lesion is assigned or the reader has confirmed that there is none, and while all that is
   * assigned is below the weights.
   */
  readonly interpretation: Interpretation | null;
}

export function scoreTable({
  labeled,
  calibration,
  zeroConfirmed,
}: Pick<CalciumState, 'labeled' | 'calibration' | 'zeroConfirmed'>): ScoreTable | null {
  if (!labeled) return null;
  const scores = scoreVessels(labeled, calibration);
  const { total, rows } = scores;
  const isResult = total.lesions > 0 || zeroConfirmed;
  const vessels = rows.map(({ vessel, score }) => ({ vessel, agatston: score.agatston }));
  return { ...scores, interpretation: isResult ? interpretScore(total, vessels) : null };
}

/** Score of one part, as the list shows it. */
export function scorePart({ set, parts }: LabeledLesions, part: number): Score {
  return scoreLesion({ ...set, lesions: parts }, part);
}

/** Everything the reader should know beside the numbers: of the acquisition, the convention and the assigned lesions. */
export function allWarnings({ warnings, labeled }: Pick<CalciumState, 'warnings' | 'labeled'>): readonly string[] {
  if (!labeled) return warnings;
  return [...warnings, ...lesionWarnings({ ...labeled.set, lesions: labeled.parts }, vesselsOfParts(labeled))];
}

/** Parts in the order of the list. */
export interface SortedParts {
  /** Assigned ones first, then by score. */
  readonly candidates: readonly number[];
  readonly excluded: readonly number[];
  /** Neither assigned nor excluded, and too large for coronary calcium. */
  readonly largeStructures: readonly number[];
}

export function sortedParts(labeled: LabeledLesions | null): SortedParts {
  if (!labeled) return { candidates: [], excluded: [], largeStructures: [] };
  const { set, parts } = labeled;
  const measured = { spacingMm: set.spacingMm, lesions: parts };
  const byScore = (a: number, b: number) => parts.weightedPixels[b]! - parts.weightedPixels[a]! || a - b;
  const assignedFirst = (a: number, b: number) => Number(!parts.label[a]) - Number(!parts.label[b]) || byScore(a, b);
  const all = Array.from({ length: parts.count }, (_, part) => part);
  const isExcluded = (part: number) => parts.label[part] === 'excluded';
  const isLarge = (part: number) => !parts.label[part] && isLargeStructure(measured, part);
  return {
    candidates: all.filter(part => !isExcluded(part) && !isLarge(part)).sort(assignedFirst),
    excluded: all.filter(isExcluded).sort(byScore),
    largeStructures: all.filter(isLarge).sort(byScore),
  };
}
