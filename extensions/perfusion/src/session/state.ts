import type { RunReport } from '@voxelwise/compute';
import type { DecisionHistory as History } from '@voxelwise/host';
import {
  PERFUSION_MAPS,
  type PerfusionMap,
  type PerfusionMaps,
  type Survey,
  type TissueConstants,
} from '../core/index.ts';
import {
  DEFAULT_COLOR_MAP,
  MAP_DISPLAYS,
  type PerfusionDisplay,
  type PerfusionResult,
  type PerfusionSettings,
  type StrokeResult,
} from '../results/index.ts';
import { type Decisions, isSameMaps, NOTHING_DECIDED } from './decisions.ts';
import type { SeriesChoice } from './dynamic-series.ts';
import type { ChosenVessels } from './vessels.ts';

/** Where the session stands with its series. */
export type Phase = 'no-series' | 'loading' | 'measuring' | 'ready' | 'refused';

/** What the primary button does in the views. */
export type Tool = 'curve' | 'aif' | 'vof' | 'ellipse' | 'polygon';

/** What a click with the tool of a vessel does: it becomes the vessel, or joins or leaves it. */
export type VesselEdit = 'move' | 'extend';

/** Column, row and slice of a voxel. */
export type Voxel = readonly [column: number, row: number, slice: number];

/** Maps, and everything that they were made with. */
export interface ComputedMaps {
  readonly maps: PerfusionMaps;
  /** Block-circulant SVD, on which the volumes are measured; the same as the maps on show where those are. Null of a stored result. */
  readonly volumeMaps: PerfusionMaps | null;
  readonly settings: PerfusionSettings;
  readonly vessels: ChosenVessels;
  /** What the reader had decided when the computation began. */
  readonly decisions: Decisions;
  readonly report: RunReport;
  /** Of the maps behind the volumes, where they were computed apart. */
  readonly volumeReport: RunReport | null;
  /** What computed the maps: of a stored result perhaps another version than this one. */
  readonly software: PerfusionResult['software'];
  /** Not computed now: a result that was stored, as it was. */
  readonly isStored: boolean;
}

export interface PerfusionState {
  readonly phase: Phase;
  /** Why a series is refused; otherwise ''. */
  readonly message: string;
  readonly progress: { readonly loaded: number; readonly total: number };
  /** 4D series of the study, the likeliest first. */
  readonly series: readonly SeriesChoice[];
  readonly seriesId: string | null;
  /** What was done to the series so that it can be computed, a sentence each. */
  readonly notes: readonly string[];
  /** Baseline, masks and automatic vessels of the open series; null while it is not measured. */
  readonly survey: Survey | null;
  readonly history: History<Decisions>;
  /** The last maps; kept on screen while the next ones are computed. */
  readonly computed: ComputedMaps | null;
  /** By the rules of the present; null without maps. */
  readonly stroke: StrokeResult | null;
  /** How much of a computation is done, from 0 to 1; null while none is under way. */
  readonly computing: number | null;
  /** When another producer than the first choice computed it; otherwise ''. */
  readonly computeNotice: string;
  readonly display: PerfusionDisplay;
  /** Which map each of the four views shows. */
  readonly shownMaps: readonly PerfusionMap[];
  /** Core and hypoperfusion are outlined on source and maps. */
  readonly showsOutlines: boolean;
  /** From 0. */
  readonly timePoint: number;
  readonly isPlaying: boolean;
  /** The slice in the views, from 0. */
  readonly slice: number;
  readonly tool: Tool;
  readonly vesselEdit: VesselEdit;
  /** Whose curve is shown; null for none. A region that was drawn goes first. */
  readonly pointed: Voxel | null;
  /** Index of the region whose curve is shown, -1 for none. */
  readonly selectedRegion: number;
  /** Why the last action did nothing; otherwise ''. */
  readonly hint: string;
  /** A report or a picture is being made. */
  readonly exporting: boolean;
}

export const INITIAL_DISPLAY: PerfusionDisplay = {
  colorMap: DEFAULT_COLOR_MAP,
  ranges: Object.fromEntries(PERFUSION_MAPS.map(map => [map, MAP_DISPLAYS[map].range])) as PerfusionDisplay['ranges'],
};

export const INITIAL_STATE: PerfusionState = {
  phase: 'no-series',
  message: '',
  progress: { loaded: 0, total: 0 },
  series: [],
  seriesId: null,
  notes: [],
  survey: null,
  history: NOTHING_DECIDED,
  computed: null,
  stroke: null,
  computing: null,
  computeNotice: '',
  display: INITIAL_DISPLAY,
  shownMaps: ['CBF', 'CBV', 'MTT', 'Tmax'],
  showsOutlines: true,
  timePoint: 0,
  isPlaying: false,
  slice: 0,
  tool: 'curve',
  vesselEdit: 'move',
  pointed: null,
  selectedRegion: -1,
  hint: '',
  exporting: false,
};

/** Constants of the maps on screen, which their units depend on; without maps, of those to come. */
export function shownConstants({ computed, history }: Pick<PerfusionState, 'computed' | 'history'>): TissueConstants {
  return (computed ?? history.present).settings.constants;
}

/**
 * True when maps and volumes are those of these decisions. Volumes follow their rules at once, but those of a stored result cannot
 * be measured anew: they hold by its own rules alone.
 */
export function isMadeWith({ decisions, volumeMaps }: ComputedMaps, present: Decisions): boolean {
  return isSameMaps(decisions, present) && (volumeMaps !== null || decisions.rules === present.rules);
}

/** True when the result on screen is that of the decisions as they stand: only then there is something to print or to store. */
export function isSettled({ computed, computing, history }: PerfusionState): boolean {
  return computed !== null && computing === null && isMadeWith(computed, history.present);
}
