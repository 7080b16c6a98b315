import { createWorkerEngine } from '@voxelwise/compute';
import {
  computePreference,
  createPointOverlay,
  createSliceOverlay,
  type DisplaySet,
  easeVolumeRendering,
  type Host,
  imagePlane,
  jumpToImage,
  type MarkedPoint,
  type SlicePicture,
} from '@voxelwise/host';
import {
  assignLesion,
  DEFAULT_CONVENTION,
  type LesionSet,
  lesionAt,
  scoringWarnings,
  type Vessel,
  vesselsOfLesions,
} from '../core/index.ts';
import { lesionsKernel } from '../kernels/index.ts';
import { CANDIDATE_COLOR, VESSEL_COLORS } from '../results/vessel-colors.ts';
import { acquisitionFacts } from './acquisition.ts';
import { calciumLikelihood } from './calcium-likelihood.ts';
import { startCalciumWorker } from './calcium-worker-start.ts';
import { type CtSeries, ctSeriesOf, openCtSeries } from './ct-series.ts';
import { latestOnly } from './latest-only.ts';
import { producerNotice } from './producer-notice.ts';
import { showSeries } from './show-series.ts';
import { tintSlice } from './slice-tint.ts';
import type { CalciumState } from './state.ts';

/** One reader scoring one study: the state that the panel shows and the actions that change it. */
export interface CalciumSession {
  getState(): CalciumState;
  subscribe(listener: () => void): () => void;
  selectSeries(displaySetUid: string): void;
  /** Re-tints and re-scores; calls during a drag are merged, the last one wins. */
  setThreshold(thresholdHu: number): void;
  setActiveVessel(vessel: Vessel | null): void;
  /** Assigns a lesion to the active vessel, and selects it. */
  chooseLesion(lesion: number): void;
  /** Shows the slice with the lesion's peak. */
  showLesion(lesion: number): void;
  clearSelected(): void;
  undo(): void;
  redo(): void;
  confirmZero(confirmed: boolean): void;
  /** The checked series, null while there is none. */
  currentSeries(): CtSeries | null;
  setExporting(exporting: boolean): void;
  destroy(): void;
}

const INITIAL_STATE: CalciumState = {
  phase: 'no-series',
  message: '',
  progress: { loaded: 0, total: 0 },
  series: [],
  displaySetUid: null,
  convention: DEFAULT_CONVENTION,
  incrementMm: 0,
  lesionSet: null,
  report: null,
  computeNotice: '',
  vessels: [],
  assignments: [],
  undone: [],
  activeVessel: 'LM',
  selectedLesion: -1,
  zeroConfirmed: false,
  warnings: [],
  exporting: false,
};

export function createCalciumSession(host: Host): CalciumSession {
  const { displaySetService } = host.services;
  const engine = createWorkerEngine(startCalciumWorker);
  const preference = computePreference(host);
  const listeners = new Set<() => void>();
  let state = INITIAL_STATE;
  let series: CtSeries | null = null;
  let opening = new AbortController();
  /** The reader has chosen a series; from then on it only changes by choosing again. */
  let isReadersChoice = false;
  /** Decisions on series that were left, so that looking at another one in between loses nothing. */
  const decisions = new Map<string | null, Pick<CalciumState, 'assignments' | 'undone'>>();

  const set = (change: Partial<CalciumState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  // --- Series -------------------------------------------------------------------------------------------------------

  const refreshSeries = () => {
    const choices = ctSeriesOf(host);
    const isSame =
      choices.length === state.series.length &&
      choices.every(({ displaySetInstanceUID }, i) => displaySetInstanceUID === state.series[i]?.displaySetInstanceUID);
    if (!isSame) set({ series: choices });
    const current = choices.find(({ displaySetInstanceUID }) => displaySetInstanceUID === state.displaySetUid);
    if (!current) {
      if (choices[0] && !state.displaySetUid) open(choices[0]);
      return;
    }
    // Series arrive one by one: until the reader has done something, a likelier one of the same study takes over.
    const isUntouched =
      !isReadersChoice && state.assignments.length + state.undone.length === 0 && !state.zeroConfirmed;
    const [likeliest] = choices.filter(({ StudyInstanceUID }) => StudyInstanceUID === current.StudyInstanceUID);
    if (isUntouched && likeliest && calciumLikelihood(likeliest) > calciumLikelihood(current)) open(likeliest);
  };

  const open = async (displaySet: DisplaySet) => {
    opening.abort();
    opening = new AbortController();
    const { signal } = opening;
    const uid = displaySet.displaySetInstanceUID;
    if (series) engine.unloadVolume(series.loaded.volumeId).catch(() => undefined);
    series = null;
    const { activeVessel, convention, series: choices, assignments, undone } = state;
    decisions.set(state.displaySetUid, { assignments, undone });
    const kept = { series: choices, activeVessel, convention, ...decisions.get(uid) };
    set({ ...INITIAL_STATE, ...kept, phase: 'loading', displaySetUid: uid });
    redraw();
    try {
      const opened = await openCtSeries(host, displaySet, {
        signal,
        onProgress: (loaded, total) => set({ progress: { loaded, total } }),
      });
      signal.throwIfAborted();
      await engine.loadVolume(opened.loaded.volumeId, () => opened.readVolume());
      if (signal.aborted && state.displaySetUid !== uid)
        engine.unloadVolume(opened.loaded.volumeId).catch(() => undefined);
      signal.throwIfAborted();
      series = opened;
      set({ phase: 'computing', incrementMm: opened.spacingMm[2] });
      await score();
    } catch (error) {
      if (signal.aborted) return;
      set({ phase: 'refused', message: error instanceof Error ? error.message : String(error) });
    }
  };

  // --- Scoring ------------------------------------------------------------------------------------------------------

  /** Whatever changes while a score is computed is covered by one more. */
  const score = latestOnly(async () => {
    const scored = series;
    if (!scored) return;
    const { convention } = state;
    const parameters = { spacingMm: scored.spacingMm, convention };
    const options = preference.prefer ? { prefer: preference.prefer } : {};
    const { output, report } = await engine.run(lesionsKernel, scored.loaded.volumeId, parameters, options);
    if (scored !== series) return;
    const selected = voxelOfLesion(state.lesionSet, state.selectedLesion);
    set({
      phase: 'ready',
      lesionSet: output,
      report,
      computeNotice: preference.problem || producerNotice(report, preference.prefer),
      vessels: vesselsOfLesions(output, state.assignments),
      selectedLesion: selected ? lesionAt(output, ...selected) : -1,
      warnings: scoringWarnings(acquisitionFacts(scored), convention),
    });
    redraw();
  });

  // --- Decisions ----------------------------------------------------------------------------------------------------

  const setAssignments = (assignments: CalciumState['assignments'], change: Partial<CalciumState>) => {
    if (!state.lesionSet) return;
    set({ ...change, assignments, vessels: vesselsOfLesions(state.lesionSet, assignments), zeroConfirmed: false });
    redraw();
  };

  const assign = (lesion: number, vessel: Vessel | null) => {
    const { lesionSet, vessels, assignments } = state;
    if (!lesionSet || lesion < 0) return;
    if (vessels[lesion] === vessel) {
      set({ selectedLesion: lesion });
      redraw();
      return;
    }
    const decision = assignLesion(lesionSet, lesion, vessel);
    setAssignments([...assignments, decision], { undone: [], selectedLesion: lesion });
  };

  // --- Picture over the slices ----------------------------------------------------------------------------------------

  const tints = new Map<number, SlicePicture>();
  const overlay = createSliceOverlay(host, {
    pictureOf(imageId) {
      const slice = series?.loaded.imageIds.indexOf(imageId) ?? -1;
      if (!series || !state.lesionSet || slice < 0) return null;
      let picture = tints.get(slice);
      if (!picture) {
        const pixels = tintSlice(state.lesionSet, state.vessels, state.selectedLesion, slice);
        picture = { pixels, plane: imagePlane(series.loaded.instances[slice]!) };
        tints.set(slice, picture);
      }
      return picture;
    },
    onClick(imageId, [column, row]) {
      const slice = series?.loaded.imageIds.indexOf(imageId) ?? -1;
      if (!state.lesionSet || slice < 0) return;
      assign(lesionAt(state.lesionSet, column, row, slice), state.activeVessel);
    },
  });

  /** Assigned lesions, and the selected one, at their brightest voxel. */
  const markers = (): MarkedPoint[] => {
    const { lesionSet, vessels, selectedLesion } = state;
    if (!series || !lesionSet) return [];
    return vessels.flatMap((vessel, lesion) => {
      const voxel = vessel || lesion === selectedLesion ? voxelOfLesion(lesionSet, lesion) : null;
      const instance = voxel && series?.loaded.instances[voxel[2]];
      if (!voxel || !instance) return [];
      const world = imagePlane(instance).toWorld(voxel[0], voxel[1]);
      const color = vessel ? VESSEL_COLORS[vessel] : CANDIDATE_COLOR;
      return [{ world, color, isSelected: lesion === selectedLesion }];
    });
  };
  const pointOverlay = createPointOverlay(host, markers);
  const stopEasing = easeVolumeRendering(host);

  /** Shows a changed state over the viewports. */
  const redraw = () => {
    tints.clear();
    overlay.redraw();
    pointOverlay.redraw();
  };

  const { DISPLAY_SETS_ADDED = '', DISPLAY_SETS_CHANGED = '' } = displaySetService.EVENTS;
  const subscriptions = [DISPLAY_SETS_ADDED, DISPLAY_SETS_CHANGED]
    .filter(event => event !== '')
    .map(event => displaySetService.subscribe(event, refreshSeries));
  refreshSeries();

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    selectSeries(displaySetUid) {
      const displaySet = state.series.find(choice => choice.displaySetInstanceUID === displaySetUid);
      if (!displaySet) return;
      isReadersChoice = true;
      showSeries(host, displaySet);
      open(displaySet);
    },
    setThreshold(thresholdHu) {
      if (thresholdHu === state.convention.thresholdHu) return;
      set({ convention: { ...state.convention, thresholdHu }, zeroConfirmed: false });
      const scored = series;
      score().catch(error => {
        if (scored !== series) return; // another series is open meanwhile
        set({ phase: 'refused', message: error instanceof Error ? error.message : String(error) });
      });
    },
    setActiveVessel: activeVessel => set({ activeVessel }),
    chooseLesion(lesion) {
      assign(lesion, state.activeVessel);
    },
    showLesion(lesion) {
      const voxel = voxelOfLesion(state.lesionSet, lesion);
      const imageId = voxel && series?.loaded.imageIds[voxel[2]];
      if (imageId) jumpToImage(host, imageId);
    },
    clearSelected: () => assign(state.selectedLesion, null),
    undo() {
      const last = state.assignments.at(-1);
      if (last) setAssignments(state.assignments.slice(0, -1), { undone: [...state.undone, last] });
    },
    redo() {
      const next = state.undone.at(-1);
      if (next) setAssignments([...state.assignments, next], { undone: state.undone.slice(0, -1) });
    },
    confirmZero: zeroConfirmed => set({ zeroConfirmed }),
    currentSeries: () => series,
    setExporting: exporting => set({ exporting }),
    destroy() {
      opening.abort();
      for (const subscription of subscriptions) subscription.unsubscribe();
      overlay.destroy();
      pointOverlay.destroy();
      stopEasing();
      engine.destroy();
      listeners.clear();
    },
  };
}

/** The brightest voxel [x, y, z] of a lesion, null where there is none. */
function voxelOfLesion(set: LesionSet | null, lesion: number): [number, number, number] | null {
  const voxel = set?.lesions.peakVoxel[lesion];
  if (!set || voxel === undefined) return null;
  const [nx, ny] = set.dimensions;
  return [voxel % nx, Math.floor(voxel / nx) % ny, Math.floor(voxel / (nx * ny))];
}
