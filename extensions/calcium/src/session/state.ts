import type { RunReport } from '@voxelwise/compute';
import type { DisplaySet } from '@voxelwise/host';
import {
  type Assignment,
  type Category,
  type Convention,
  categoryOf,
  LARGE_STRUCTURE_MM3,
  type LesionSet,
  lesionWarnings,
  type Score,
  scoreLesions,
  VESSELS,
  type Vessel,
} from '../core/index.ts';

/** Where the session stands with its series. */
export type Phase = 'no-series' | 'loading' | 'computing' | 'ready' | 'refused';

export interface CalciumState {
  readonly phase: Phase;
  /** Why a series is refused; otherwise ''. */
  readonly message: string;
  readonly progress: { readonly loaded: number; readonly total: number };
  /** CT series of the study that can be chosen. */
  readonly series: readonly DisplaySet[];
  readonly displaySetUid: string | null;
  readonly convention: Convention;
  readonly incrementMm: number;
  /** Result under the convention; kept on screen while the next one is computed. */
  readonly lesionSet: LesionSet | null;
  readonly report: RunReport | null;
  /** When another producer than the first choice computed it; otherwise ''. */
  readonly computeNotice: string;
  /** Vessel of every lesion of lesionSet. */
  readonly vessels: readonly (Vessel | null)[];
  /** The reader's decisions, oldest first; the vessels are a fold over them. */
  readonly assignments: readonly Assignment[];
  /** Decisions taken back, the next one to redo last. */
  readonly undone: readonly Assignment[];
  /** The vessel that the next click assigns; null clears. */
  readonly activeVessel: Vessel | null;
  /** Lesion that was clicked or chosen last, -1 for none. */
  readonly selectedLesion: number;
  /** The reader has looked and found no coronary calcium: only then is a score of 0 a result. */
  readonly zeroConfirmed: boolean;
  /** Of the acquisition and the convention; see allWarnings. */
  readonly warnings: readonly string[];
  /** A report is being made. */
  readonly exporting: boolean;
}

/** Scores per vessel and in total. */
export interface ScoreTable {
  readonly rows: readonly { readonly vessel: Vessel; readonly score: Score }[];
  readonly total: Score;
  /** Null until a lesion is assigned or the reader has confirmed that there is none. */
  readonly category: Category | null;
}

export function scoreTable({
  lesionSet,
  vessels,
  zeroConfirmed,
}: Pick<CalciumState, 'lesionSet' | 'vessels' | 'zeroConfirmed'>): ScoreTable | null {
  if (!lesionSet) return null;
  const rows = VESSELS.map(vessel => ({
    vessel,
    score: scoreLesions(lesionSet, lesion => vessels[lesion] === vessel),
  }));
  const total = scoreLesions(lesionSet, lesion => vessels[lesion] !== null);
  return { rows, total, category: total.lesions > 0 || zeroConfirmed ? categoryOf(total.agatston) : null };
}

/** Everything the reader should know beside the numbers: of the acquisition, the convention and the assigned lesions. */
export function allWarnings({ warnings, lesionSet, vessels }: CalciumState): readonly string[] {
  return lesionSet ? [...warnings, ...lesionWarnings(lesionSet, vessels)] : warnings;
}

/** Lesions in the order of the list: assigned ones first, then by score; large unassigned structures apart. */
export function sortedLesions({ lesionSet, vessels }: Pick<CalciumState, 'lesionSet' | 'vessels'>): {
  candidates: number[];
  largeStructures: number[];
} {
  if (!lesionSet) return { candidates: [], largeStructures: [] };
  const { lesions, spacingMm } = lesionSet;
  const voxelMm3 = spacingMm[0] * spacingMm[1] * spacingMm[2];
  const all = Array.from({ length: lesions.count }, (_, lesion) => lesion);
  const isLarge = (lesion: number) => !vessels[lesion] && lesions.voxels[lesion]! * voxelMm3 > LARGE_STRUCTURE_MM3;
  const byScore = (a: number, b: number) => lesions.weightedPixels[b]! - lesions.weightedPixels[a]! || a - b;
  const assignedFirst = (a: number, b: number) => Number(!vessels[a]) - Number(!vessels[b]) || byScore(a, b);
  return {
    candidates: all.filter(lesion => !isLarge(lesion)).sort(assignedFirst),
    largeStructures: all.filter(isLarge).sort(byScore),
  };
}
