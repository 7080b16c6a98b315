import { createWorkerEngine } from '@voxelwise/compute';
import {
  type AreaShape,
  computePreference,
  createStore,
  type DrawnShape,
  decide,
  type Host,
  jumpToImage,
  redo,
  undo,
} from '@voxelwise/host';
import {
  applyEdits,
  assignPart,
  type Convention,
  type HeartRegion,
  type Label,
  type MassCalibration,
  type Person,
  partAt,
  type ThresholdChoice,
  type Voxel,
  voxelOfPart,
} from '../core/index.ts';
import { startCalciumWorker } from './calcium-worker-start.ts';
import { measuredRoi } from './calibration-rois.ts';
import type { CtSeries } from './ct-series.ts';
import type { DecisionHistory, Decisions } from './decisions.ts';
import { drawnDecision } from './drawn-decision.ts';
import { endingAt, withoutShape, withShape } from './heart-region.ts';
import { createScoring } from './scoring.ts';
import { createSeriesOpening } from './series-opening.ts';
import { loadSitePercentiles } from './site-percentiles.ts';
import { type Brush, type CalciumState, INITIAL_STATE, isSettled, partAtVoxel, type Tool } from './state.ts';
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
  /**
   * Takes over a saved result. Its edits and its heart region are one decision, which can be undone; its convention and its
   * calibration are set as the reader would set them, and stay. Resolves when it is scored.
   */
  restore(
    saved: { readonly decisions: Decisions } & Pick<
      CalciumState,
      'convention' | 'thresholds' | 'calibration' | 'zeroConfirmed'
    >,
  ): Promise<void>;
  /** The checked series, null while there is none. */
  currentSeries(): CtSeries | null;
  /** Shows a slice of the volume in the axial view. */
  showSlice(slice: number): void;
  setExporting(exporting: boolean): void;
  destroy(): void;
}

export function createCalciumSession(host: Host): CalciumSession {
  const engine = createWorkerEngine(startCalciumWorker);
  const store = createStore(INITIAL_STATE, () => views);
  const scoring = createScoring({
    store,
    engine,
    preference: computePreference(host),
    opened: () => opening.current(),
  });
  const opening = createSeriesOpening(host, engine, store, scoring);
  const currentSeries = () => opening.current()?.series ?? null;

  const showSlice = (slice: number) => {
    const imageId = currentSeries()?.loaded.imageIds[slice];
    if (imageId) jumpToImage(host, imageId);
  };

  /** Goes to another point of the history. @param selected voxel of the part that is selected then */
  const goTo = (history: DecisionHistory, selected = selectedVoxel(store.get())) => {
    const state = store.get();
    if (!state.labeled || history === state.history) return;
    const { edits, region } = history.present;
    const isRegionNew = region !== state.history.present.region;
    const isEdited = edits !== state.history.present.edits;
    const labeled = isEdited ? applyEdits(state.labeled.set, edits) : state.labeled;
    store.show({
      history,
      labeled,
      preview: null,
      selectedPart: partAtVoxel(labeled, selected),
      zeroConfirmed: state.zeroConfirmed && !isEdited && !isRegionNew,
      hint: '',
    });
    if (isRegionNew) scoring.rescore();
  };

  const label = (part: number, newLabel: Label | null) => {
    const { labeled, history } = store.get();
    if (!labeled || part < 0) return;
    if (labeled.parts.label[part] !== newLabel) {
      const edits = [...history.present.edits, assignPart(labeled, part, newLabel)];
      goTo(decide(history, { edits }), voxelOfPart(labeled, part));
      return;
    }
    store.show({ selectedPart: part, hint: '' });
  };

  const changeRegion = (change: (region: HeartRegion) => HeartRegion | null) => {
    const { history } = store.get();
    const { region } = history.present;
    const changed = region && change(region);
    if (changed !== region) goTo(decide(history, { region: changed }));
  };

  const onDrawn = (slice: number, shape: DrawnShape) => {
    const state = store.get();
    const series = currentSeries();
    if (!state.labeled || !series || slice < 0) return;
    const roiOf = (area: AreaShape) => measuredRoi(series, slice, area);
    const decision = drawnDecision(state, state.labeled, slice, shape, roiOf);
    if ('hint' in decision) store.show(decision);
    else goTo(decide(state.history, decision.change));
  };

  const views = createViews(host, {
    state: store.get,
    series: currentSeries,
    onClick([column, row, slice]) {
      const { labeled, activeLabel, history } = store.get();
      if (!labeled) return;
      const part = partAt(labeled, column, row, slice);
      if (part >= 0) label(part, activeLabel);
      else store.set({ hint: missedHint(history) });
    },
    onDrawn,
    onReshaped(which, slice, shape) {
      if (typeof which !== 'number') return onDrawn(slice, shape);
      changeRegion(region => withShape(region, which, { ...shape, slices: region.shapes[which]!.slices }));
    },
  });

  opening.start();
  loadSitePercentiles(host).then(percentiles => store.set({ percentiles }));

  return {
    getState: store.get,
    subscribe: store.subscribe,
    selectSeries: opening.select,
    setConvention: scoring.setConvention,
    dragThreshold: scoring.dragThreshold,
    cancelScoring: scoring.cancel,
    chooseThresholds: scoring.chooseThresholds,
    setActiveLabel: activeLabel => store.set({ activeLabel, hint: '' }),
    chooseTool(tool) {
      views.cancelDrawing();
      store.show({ tool: tool === store.get().tool ? 'assign' : tool, hint: '' });
    },
    setBrush: change => store.set({ brush: { ...store.get().brush, ...change } }),
    choosePart: part => label(part, store.get().activeLabel),
    showPart(part) {
      const voxel = voxelOfPart(store.get().labeled, part);
      if (!voxel) return;
      store.show({ selectedPart: part });
      showSlice(voxel[2]);
    },
    showSlice,
    clearSelected: () => label(store.get().selectedPart, null),
    endRegionAt: (shape, end, slice) =>
      changeRegion(region => (region.shapes[shape] ? endingAt(region, shape, end, slice) : region)),
    removeRegionShape: shape => changeRegion(region => withoutShape(region, shape)),
    undo: () => goTo(undo(store.get().history)),
    redo: () => goTo(redo(store.get().history)),
    cancel() {
      if (views.cancelDrawing()) return true;
      if (store.get().tool === 'assign') return false;
      store.show({ tool: 'assign', hint: '' });
      return true;
    },
    confirmZero(confirmed) {
      // Only what is on screen can have been looked at.
      if (!confirmed || isSettled(store.get())) store.set({ zeroConfirmed: confirmed });
    },
    setCalibration: calibration => store.set({ calibration }),
    setPerson: opening.enterPerson,
    async restore({ decisions, ...settings }) {
      const { labeled, history } = store.get();
      if (!labeled) return;
      store.show({
        ...settings,
        history: decide(history, decisions),
        labeled: applyEdits(labeled.set, decisions.edits),
        preview: null,
        selectedPart: -1,
        hint: '',
      });
      await scoring.rescore();
    },
    currentSeries,
    setExporting: exporting => store.set({ exporting }),
    destroy() {
      scoring.stop();
      opening.destroy();
      views.destroy();
      engine.destroy();
      store.destroy();
    },
  };
}

function selectedVoxel({ labeled, selectedPart }: CalciumState): Voxel | null {
  return voxelOfPart(labeled, selectedPart);
}

/** Why a click did nothing. */
function missedHint({ present: { region } }: DecisionHistory): string {
  return `There is no candidate under the click.${region ? ' Only the heart region is looked at.' : ''}`;
}
