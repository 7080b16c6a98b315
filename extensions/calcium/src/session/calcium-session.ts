import { createWorkerEngine } from '@voxelwise/compute';
import { computePreference, type DisplaySet, type Host, jumpToImage } from '@voxelwise/host';
import {
  applyEdits,
  assignPart,
  type Convention,
  conventionFor,
  DEFAULT_CONVENTION,
  type HeartRegion,
  type Label,
  type LabeledLesions,
  type MassCalibration,
  type Person,
  partAt,
  scoringWarnings,
  type ThresholdChoice,
  type Voxel,
  voxelOfPart,
} from '../core/index.ts';
import { lesionsKernel } from '../kernels/index.ts';
import { acquisitionFacts, personOf } from './acquisition.ts';
import { calciumLikelihood } from './calcium-likelihood.ts';
import { startCalciumWorker } from './calcium-worker-start.ts';
import { type CtSeries, ctSeriesOf, openCtSeries } from './ct-series.ts';
import { type DecisionHistory, type Decisions, decide, isUntouched, NOTHING_DECIDED, redo, undo } from './decisions.ts';
import { drawnDecision } from './drawn-decision.ts';
import { endingAt, withoutShape, withShape } from './heart-region.ts';
import { latestOnly } from './latest-only.ts';
import { producerNotice } from './producer-notice.ts';
import { showSeries } from './show-series.ts';
import { loadSitePercentiles } from './site-percentiles.ts';
import type { Brush, CalciumState, Tool } from './state.ts';
import { thresholdPreviews } from './threshold-preview.ts';
import { createViews } from './views.ts';

/** One reader scoring one study: the state that the panel shows and the actions that change it. */
export interface CalciumSession {
  getState(): CalciumState;
  subscribe(listener: () => void): () => void;
  selectSeries(displaySetUid: string): void;
  /** Changes the convention and re-scores; calls during a drag are merged, the last one wins. */
  setConvention(change: Partial<Convention>): void;
  /** Another threshold of many: scores and tint follow at once, everything else when no further one comes. */
  dragThreshold(thresholdHu: number): void;
  /** Gives up a computation that takes long, and goes back to what the result on screen was computed with. */
  cancelScoring(): void;
  /** The standard thresholds, or those for the tube voltage. */
  chooseThresholds(thresholds: ThresholdChoice): void;
  setActiveLabel(label: Label | null): void;
  /** Chooses what the primary button does in the axial view; the tool that is active already gives way to assigning. */
  chooseTool(tool: Tool): void;
  setBrush(change: Partial<Brush>): void;
  /** Gives a part the active label, and selects it. */
  choosePart(part: number): void;
  /** Selects a part and shows the slice with its peak. */
  showPart(part: number): void;
  clearSelected(): void;
  /** Ends a shape of the heart region at a slice of the volume. */
  endRegionAt(shape: number, end: 'first' | 'last', slice: number): void;
  removeRegionShape(shape: number): void;
  undo(): void;
  redo(): void;
  /** Drops the drawing under way, else the tool. @returns false when there was neither */
  cancel(): boolean;
  confirmZero(confirmed: boolean): void;
  /** Null: without a calibration there is no mass. */
  setCalibration(calibration: MassCalibration | null): void;
  /** What is known of the person; it stays in this page and is gone with it. */
  setPerson(change: Person): void;
  /** Takes over a saved result as one decision, which can be undone. Resolves when it is scored. */
  restore(
    saved: { readonly decisions: Decisions } & Pick<
      CalciumState,
      'convention' | 'thresholds' | 'calibration' | 'zeroConfirmed'
    >,
  ): Promise<void>;
  /** The checked series, null while there is none. */
  currentSeries(): CtSeries | null;
  setExporting(exporting: boolean): void;
  destroy(): void;
}

/** The slider rests when it has not moved for so long. */
const REST_MS = 150;

const INITIAL_STATE: CalciumState = {
  phase: 'no-series',
  message: '',
  progress: { loaded: 0, total: 0 },
  series: [],
  displaySetUid: null,
  convention: DEFAULT_CONVENTION,
  thresholds: 'standard-130',
  facts: null,
  labeled: null,
  preview: null,
  report: null,
  computeNotice: '',
  scoring: null,
  history: NOTHING_DECIDED,
  tool: 'assign',
  brush: { radiusMm: 2, reachSlices: 0 },
  activeLabel: 'LM',
  selectedPart: -1,
  hint: '',
  zeroConfirmed: false,
  calibration: null,
  person: {},
  percentiles: { table: null, problem: '' },
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
  let running = new AbortController();
  /** What the result on screen was computed with. */
  let scoredRegion: HeartRegion | null = null;
  let previewOf: ReturnType<typeof thresholdPreviews> | null = null;
  /** The slider has moved, and the whole volume is searched when it rests. */
  let restDue: ReturnType<typeof setTimeout> | undefined;
  let wasDragged = false;
  /** The reader has chosen a series; from then on it only changes by choosing again. */
  let isReadersChoice = false;
  /** Decisions on series that were left, so that looking at another one in between loses nothing. */
  const histories = new Map<string | null, DecisionHistory>();

  const set = (change: Partial<CalciumState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  /** A change that the views show. They come first: once the panel has changed, measuring them lays the page out anew. */
  const show = (change: Partial<CalciumState>) => {
    state = { ...state, ...change };
    views.redraw();
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
    const isFree = !isReadersChoice && isUntouched(state.history) && !state.zeroConfirmed;
    const [likeliest] = choices.filter(({ StudyInstanceUID }) => StudyInstanceUID === current.StudyInstanceUID);
    if (isFree && likeliest && calciumLikelihood(likeliest) > calciumLikelihood(current)) open(likeliest);
  };

  const open = async (displaySet: DisplaySet) => {
    opening.abort();
    opening = new AbortController();
    const { signal } = opening;
    const uid = displaySet.displaySetInstanceUID;
    clearTimeout(restDue);
    if (series) engine.unloadVolume(series.loaded.volumeId).catch(() => undefined);
    series = null;
    const { activeLabel, tool, brush, convention, thresholds, percentiles, series: choices } = state;
    histories.set(state.displaySetUid, state.history);
    const kept = { series: choices, activeLabel, tool, brush, convention, thresholds, percentiles };
    const history = histories.get(uid) ?? NOTHING_DECIDED;
    show({ ...INITIAL_STATE, ...kept, history, phase: 'loading', displaySetUid: uid });
    try {
      const opened = await openCtSeries(host, displaySet, {
        signal,
        onProgress: (loaded, total) => set({ progress: { loaded, total } }),
      });
      signal.throwIfAborted();
      await engine.loadVolume(opened.loaded.volumeId, () => opened.readVolume(), { signal });
      signal.throwIfAborted();
      series = opened;
      previewOf = thresholdPreviews(opened);
      const facts = acquisitionFacts(opened);
      const chosen = thresholds === 'by-kvp' ? conventionFor(facts, thresholds, convention).convention : convention;
      const person = personOf(opened.loaded.instances[0] ?? {});
      set({ phase: 'computing', facts, person, convention: chosen });
      await score();
    } catch (error) {
      if (!signal.aborted) refuse(error);
    }
  };

  const refuse = (error: unknown) => {
    const message = error instanceof Error ? error.message : String(error);
    set({ phase: 'refused', message, scoring: null, preview: null });
  };

  // --- Scoring ------------------------------------------------------------------------------------------------------

  /** Whatever changes while a score is computed is covered by one more. */
  const score = latestOnly(async () => {
    const scored = series;
    if (!scored || !state.facts) return;
    const { convention, facts } = state;
    const { region } = state.history.present;
    // In the middle of a drag is no time to find out whether another producer has become faster.
    const prefer = preference.prefer ?? (wasDragged ? state.report?.producer : null);
    wasDragged = false;
    running = new AbortController();
    set({ scoring: 0 });
    const { output, report } = await engine.run(
      lesionsKernel,
      scored.loaded.volumeId,
      { spacingMm: scored.spacingMm, convention, ...(region && { region }) },
      {
        ...(prefer && { prefer }),
        signal: AbortSignal.any([opening.signal, running.signal]),
        onProgress: part => set({ scoring: part }),
      },
    );
    if (scored !== series) return;
    if (state.preview && convention !== state.convention) return set({ scoring: null }); // out of date: one more is due
    scoredRegion = region;
    const labeled = applyEdits(output, state.history.present.edits);
    show({
      phase: 'ready',
      labeled,
      preview: null,
      report,
      computeNotice: preference.problem || producerNotice(report, preference.prefer),
      scoring: null,
      selectedPart: partAtVoxel(labeled, voxelOfPart(state.labeled, state.selectedPart)),
      warnings: scoringWarnings(facts, convention),
    });
  });

  const rescore = () => {
    const scored = series;
    clearTimeout(restDue);
    return score().catch(error => {
      if (scored !== series) return; // another series is open meanwhile
      if (running.signal.aborted) takeBack();
      else refuse(error);
    });
  };

  /** To the convention and the heart region of the result on screen. */
  const takeBack = () => {
    const { labeled, history } = state;
    if (!labeled) return;
    const isRegionNew = history.present.region !== scoredRegion;
    show({
      convention: labeled.set.convention,
      history: isRegionNew ? decide(history, { region: scoredRegion }) : history,
      preview: null,
      scoring: null,
      hint: 'The computation was cancelled; the result is the one before it.',
    });
  };

  const setConvention = (change: Partial<Convention>) => {
    set({ convention: { ...state.convention, ...change }, zeroConfirmed: false });
    rescore();
  };

  const dragThreshold = (thresholdHu: number) => {
    const { labeled, selectedPart, history } = state;
    const convention = { ...state.convention, thresholdHu };
    const selected = state.preview
      ? voxelOfPart(state.preview.touched, state.preview.selectedPart)
      : voxelOfPart(labeled, selectedPart);
    const preview = (labeled && previewOf?.(convention, history.present, selected)) ?? null;
    wasDragged = true;
    if (!preview) {
      set({ preview: null });
      return setConvention({ thresholdHu });
    }
    state = { ...state, convention, preview, zeroConfirmed: false };
    views.redrawTint();
    set({});
    clearTimeout(restDue);
    restDue = setTimeout(rescore, REST_MS);
  };

  // --- Decisions ----------------------------------------------------------------------------------------------------

  /** Goes to another point of the history. @param selected voxel of the part that is selected then */
  const goTo = (history: DecisionHistory, selected: Voxel | null = voxelOfPart(state.labeled, state.selectedPart)) => {
    if (!state.labeled || history === state.history) return;
    const isRegionNew = history.present.region !== state.history.present.region;
    const labeled = applyEdits(state.labeled.set, history.present.edits);
    show({
      history,
      labeled,
      preview: null,
      selectedPart: partAtVoxel(labeled, selected),
      zeroConfirmed: false,
      hint: '',
    });
    if (isRegionNew) rescore();
  };

  const label = (part: number, newLabel: Label | null) => {
    const { labeled } = state;
    if (!labeled || part < 0) return;
    if (labeled.parts.label[part] !== newLabel) {
      const edits = [...state.history.present.edits, assignPart(labeled, part, newLabel)];
      goTo(decide(state.history, { edits }), voxelOfPart(labeled, part));
      return;
    }
    show({ selectedPart: part, hint: '' });
  };

  const views = createViews(host, {
    state: () => state,
    series: () => series,
    onClick([column, row, slice]) {
      if (state.labeled) label(partAt(state.labeled, column, row, slice), state.activeLabel);
    },
    onDrawn(slice, shape) {
      if (!state.labeled || slice < 0) return;
      const decision = drawnDecision(state, state.labeled, slice, shape);
      if ('hint' in decision) set(decision);
      else goTo(decide(state.history, decision.change));
    },
    onReshaped(index, shape) {
      const { region } = state.history.present;
      if (region) goTo(decide(state.history, { region: withShape(region, index, shape) }));
    },
  });

  const { DISPLAY_SETS_ADDED = '', DISPLAY_SETS_CHANGED = '' } = displaySetService.EVENTS;
  const subscriptions = [DISPLAY_SETS_ADDED, DISPLAY_SETS_CHANGED]
    .filter(event => event !== '')
    .map(event => displaySetService.subscribe(event, refreshSeries));
  refreshSeries();
  loadSitePercentiles(host).then(percentiles => set({ percentiles }));

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
    setConvention,
    dragThreshold,
    cancelScoring: () => running.abort(),
    chooseThresholds(thresholds) {
      if (!state.facts) return;
      set({ thresholds });
      setConvention(conventionFor(state.facts, thresholds, state.convention).convention);
    },
    setActiveLabel: activeLabel => set({ activeLabel, hint: '' }),
    chooseTool(tool) {
      views.cancelDrawing();
      show({ tool: tool === state.tool ? 'assign' : tool, hint: '' });
    },
    setBrush: change => set({ brush: { ...state.brush, ...change } }),
    choosePart: part => label(part, state.activeLabel),
    showPart(part) {
      const voxel = voxelOfPart(state.labeled, part);
      const imageId = voxel && series?.loaded.imageIds[voxel[2]];
      if (!imageId) return;
      show({ selectedPart: part });
      jumpToImage(host, imageId);
    },
    clearSelected: () => label(state.selectedPart, null),
    endRegionAt(shape, end, slice) {
      const { region } = state.history.present;
      if (region?.shapes[shape]) goTo(decide(state.history, { region: endingAt(region, shape, end, slice) }));
    },
    removeRegionShape(shape) {
      const { region } = state.history.present;
      if (region) goTo(decide(state.history, { region: withoutShape(region, shape) }));
    },
    undo: () => goTo(undo(state.history)),
    redo: () => goTo(redo(state.history)),
    cancel() {
      if (views.cancelDrawing()) return true;
      if (state.tool === 'assign') return false;
      show({ tool: 'assign', hint: '' });
      return true;
    },
    confirmZero: zeroConfirmed => set({ zeroConfirmed }),
    setCalibration: calibration => set({ calibration }),
    setPerson: change => set({ person: { ...state.person, ...change } }),
    async restore({ decisions, zeroConfirmed, ...settings }) {
      goTo(decide(state.history, decisions), null);
      set({ ...settings, zeroConfirmed });
      await rescore();
    },
    currentSeries: () => series,
    setExporting: exporting => set({ exporting }),
    destroy() {
      clearTimeout(restDue);
      opening.abort();
      for (const subscription of subscriptions) subscription.unsubscribe();
      views.destroy();
      engine.destroy();
      listeners.clear();
    },
  };
}

function partAtVoxel(labeled: LabeledLesions, voxel: Voxel | null): number {
  return voxel ? partAt(labeled, ...voxel) : -1;
}
