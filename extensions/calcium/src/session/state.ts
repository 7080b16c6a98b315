import type { RunReport } from '@voxelwise/compute';
import type { DisplaySet } from '@voxelwise/host';
import {
  type AcquisitionFacts,
  type Convention,
  type HeartRegion,
  type Interpretation,
  interpretScore,
  isLargeStructure,
  type Label,
  type LabeledLesions,
  lesionWarnings,
  type MassCalibration,
  type Person,
  partAt,
  personWarnings,
  type Score,
  scoreLesion,
  scoreVessels,
  type ThresholdChoice,
  type VesselScores,
  type Voxel,
} from '../core/index.ts';
import { CALIBRATION_MATERIALS, type CalibrationMaterial } from './calibration-rois.ts';
import type { DecisionHistory } from './decisions.ts';
import { NOTHING_CHOSEN } from './series-memory.ts';
import type { SitePercentiles } from './site-percentiles.ts';
import type { ThresholdPreview } from './threshold-preview.ts';

/** Where the session stands with its series. */
export type Phase = 'no-series' | 'loading' | 'computing' | 'ready' | 'refused';

/** What the primary button does in the axial view. */
export type Tool =
  | 'assign'
  | 'split'
  | 'brush'
  | 'heart-ellipse'
  | 'heart-freehand'
  | `calibration-${CalibrationMaterial}`;

/** The material that a tool draws a region in, null for all other tools. */
export function materialOf(tool: Tool): CalibrationMaterial | null {
  return CALIBRATION_MATERIALS.find(material => tool === `calibration-${material}`) ?? null;
}

export interface Brush {
  readonly radiusMm: number;
  /** Slices above and below the one that is painted on. */
  readonly reachSlices: number;
}

/** What decides, together with the voxels, which lesions there are. */
export interface ScoredWith {
  readonly convention: Convention;
  /** The choice that led to the convention's thresholds. */
  readonly thresholds: ThresholdChoice;
  /** Null for the whole scan. */
  readonly region: HeartRegion | null;
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
  /** Result under the decisions; kept on screen while the next one is computed. */
  readonly labeled: LabeledLesions | null;
  /** What the result was computed with, which a reader may have changed since; null without a result. */
  readonly scoredWith: ScoredWith | null;
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
  /** What the header alone says. */
  readonly imagedPerson: Pick<Person, 'sex' | 'ageYears'>;
  /** The site's reference scores; without a table until they are read. */
  readonly percentiles: SitePercentiles;
  /** Of the acquisition and the convention; see allWarnings. */
  readonly warnings: readonly string[];
  /** A report is being made. */
  readonly exporting: boolean;
}

export const INITIAL_STATE: CalciumState = {
  ...NOTHING_CHOSEN,
  phase: 'no-series',
  message: '',
  progress: { loaded: 0, total: 0 },
  series: [],
  displaySetUid: null,
  facts: null,
  labeled: null,
  scoredWith: null,
  preview: null,
  report: null,
  computeNotice: '',
  scoring: null,
  tool: 'assign',
  brush: { radiusMm: 2, reachSlices: 0 },
  activeLabel: 'LM',
  selectedPart: -1,
  hint: '',
  person: {},
  imagedPerson: {},
  percentiles: { table: null, problem: '' },
  warnings: [],
  exporting: false,
};

/**
 * True when the result on screen is that of the convention and the decisions as they stand, and nothing is being computed: only
 * then there is something to print, to store or to keep.
 */
export function isSettled({
  labeled,
  scoredWith,
  convention,
  history,
  preview,
  scoring,
}: Pick<CalciumState, 'labeled' | 'scoredWith' | 'convention' | 'history' | 'preview' | 'scoring'>): boolean {
  if (!labeled || !scoredWith || preview || scoring !== null) return false;
  return scoredWith.convention === convention && scoredWith.region === history.present.region;
}

/** The part at a voxel, -1 for none. */
export function partAtVoxel(labeled: LabeledLesions, voxel: Voxel | null): number {
  return voxel ? partAt(labeled, ...voxel) : -1;
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

/** Everything the reader should know beside the numbers: of the acquisition, the convention, the assigned lesions and the person. */
export function allWarnings({
  warnings,
  labeled,
  person,
  imagedPerson,
}: Pick<CalciumState, 'warnings' | 'labeled' | 'person' | 'imagedPerson'>): readonly string[] {
  if (!labeled) return warnings;
  return [...warnings, ...lesionWarnings(labeled), ...personWarnings(person, imagedPerson)];
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
