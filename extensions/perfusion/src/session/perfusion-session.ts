import { createWorkerEngine } from '@voxelwise/compute';
import {
  type AreaShape,
  computePreference,
  createStore,
  decide,
  type Host,
  jumpToImage,
  redo,
  undo,
} from '@voxelwise/host';
import type { PerfusionMap, StrokeThresholds } from '../core/index.ts';
import type { ColorMapName, DisplayRange } from '../results/index.ts';
import type { StoredResult } from './archive-results.ts';
import type { DecisionHistory, Decisions, MapSettings } from './decisions.ts';
import { isSameMaps, NOTHING_DECIDED } from './decisions.ts';
import type { PerfusionSeries } from './dynamic-series.ts';
import { createMapRun } from './map-run.ts';
import { startPerfusionWorker } from './perfusion-worker-start.ts';
import { createPlayback } from './playback.ts';
import { decisionsOf } from './saved-decisions.ts';
import { createSeriesOpening } from './series-opening.ts';
import { INITIAL_STATE, type PerfusionState, type Tool, type VesselEdit, type Voxel } from './state.ts';
import { measureStroke } from './stroke.ts';
import { createTimeBar } from './time-bar.ts';
import { chosenVessels, editedVessel, shownVessels, vesselHint } from './vessels.ts';
import { createViews, type Views } from './views.ts';
import { isInside, voxelAt, voxelIndex } from './voxels.ts';

/** A vessel that curves are taken from. */
export type Vessel = 'aif' | 'vof';

/** One reader with one 4D study: the state that the panel shows and the actions that change it. */
export interface PerfusionSession {
  getState(): PerfusionState;
  subscribe(listener: () => void): () => void;
  /** The open series, null while there is none. */
  currentSeries(): PerfusionSeries | null;
  selectSeries(seriesId: string): void;
  /** Gives up loading. */
  cancelLoading(): void;
  goToTimePoint(timePoint: number): void;
  togglePlaying(): void;
  showSlice(slice: number): void;
  /** The tool that is active already gives way to pointing. */
  chooseTool(tool: Tool): void;
  setVesselEdit(edit: VesselEdit): void;
  /** Back to the vessel that was found automatically. */
  resetVessel(vessel: Vessel): void;
  showVessel(vessel: Vessel): void;
  setSettings(change: Partial<MapSettings>): void;
  setRules(change: Partial<StrokeThresholds>): void;
  /** Ends the computation, and goes back to what the maps on screen were made with. */
  cancelComputing(): void;
  selectRegion(region: number): void;
  removeRegion(region: number): void;
  setColorMap(colorMap: ColorMapName): void;
  setRange(map: PerfusionMap, range: DisplayRange): void;
  /** Shows a map in one of the four views. */
  showMap(view: number, map: PerfusionMap): void;
  showOutlines(shown: boolean): void;
  undo(): void;
  redo(): void;
  /** Drops the drawing under way, else the tool. */
  cancelTool(): void;
  /** Shows a stored result as it was. What was decided for it is one decision, which can be undone. */
  restore(stored: StoredResult): void;
  /** Drops all decisions and computes the maps; undo brings the decisions back. */
  startOver(): void;
  setExporting(exporting: boolean): void;
  destroy(): void;
}

export function createPerfusionSession(host: Host): PerfusionSession {
  const engine = createWorkerEngine(startPerfusionWorker);
  let views: Views | null = null;
  const store = createStore(INITIAL_STATE, () => views);
  const run = createMapRun({ store, engine, preference: computePreference(host), opened: () => opening.current() });
  const opening = createSeriesOpening(host, engine, store, run);
  const currentSeries = () => opening.current()?.series ?? null;
  const playback = createPlayback(store, () => currentSeries()?.volume.timePoints ?? 0);

  /** Goes to another point of the history. */
  const goTo = (history: DecisionHistory, change: Partial<PerfusionState> = {}) => {
    const state = store.get();
    const series = currentSeries();
    if (!series || !state.survey || history === state.history) return;
    const { computed, survey } = state;
    const { rules } = history.present;
    const areRulesNew = rules !== state.history.present.rules;
    const isOther =
      !isSameMaps(history.present, state.history.present) || (areRulesNew && computed?.volumeMaps === null);
    const stroke =
      areRulesNew && computed?.volumeMaps ? measureStroke(computed.volumeMaps, survey, rules, series) : state.stroke;
    const selectedRegion = Math.min(state.selectedRegion, history.present.regions.length - 1);
    store.show({ history, stroke, selectedRegion, hint: '', ...change });
    if (isOther) run.request();
  };
  const change = (part: Partial<Decisions>, state: Partial<PerfusionState> = {}) =>
    goTo(decide(store.get().history, part), state);

  const showSlice = (slice: number) => {
    const imageId = currentSeries()?.imageIds[slice];
    if (imageId) jumpToImage(host, imageId);
  };

  const onClick = (voxel: Voxel) => {
    const series = currentSeries();
    const state = store.get();
    if (!series || !state.survey || !isInside([voxel[0], voxel[1]], series.volume.dimensions)) return;
    const { tool } = state;
    if (tool !== 'aif' && tool !== 'vof') return store.show({ pointed: voxel, selectedRegion: -1, hint: '' });
    const index = voxelIndex(voxel, series.volume.dimensions);
    const hint = vesselHint(series, state.survey, index);
    if (hint) return store.set({ hint });
    const edited = editedVessel(shownVessels(state)[tool], index, state.vesselEdit);
    if (edited.length === 0 && tool === 'aif') {
      return store.set({ hint: 'An arterial input needs one voxel at least; choose another one first.' });
    }
    change({ [tool]: edited });
  };

  const regions = () => store.get().history.present.regions;
  const nextName = () => {
    const names = new Set(regions().map(({ name }) => name));
    let number = 1;
    while (names.has(`Region ${number}`)) number++;
    return `Region ${number}`;
  };

  const setRange = (map: PerfusionMap, range: DisplayRange) => {
    const { display } = store.get();
    store.show({ display: { ...display, ranges: { ...display.ranges, [map]: range } } });
  };

  views = createViews(host, {
    state: store.get,
    series: currentSeries,
    onClick,
    onDrawn(slice: number, shape: AreaShape) {
      if (slice < 0) return;
      const drawn = [...regions(), { name: nextName(), slice, shape }];
      change({ regions: drawn }, { selectedRegion: drawn.length - 1 });
    },
    onReshaped(region, slice, shape) {
      const reshaped = regions().map((one, index) => (index === region ? { ...one, slice, shape } : one));
      change({ regions: reshaped }, { selectedRegion: region });
    },
    onRange: setRange,
    onSlice: slice => store.set({ slice }),
  });
  const timeBar = createTimeBar(host, {
    getState: store.get,
    subscribe: store.subscribe,
    timePoints: () => currentSeries()?.volume.timePoints ?? 0,
    goToTimePoint: playback.go,
    togglePlaying: playback.toggle,
  });
  opening.start();

  return {
    getState: store.get,
    subscribe: store.subscribe,
    currentSeries,
    selectSeries: opening.select,
    cancelLoading: opening.cancel,
    goToTimePoint: playback.go,
    togglePlaying: playback.toggle,
    showSlice,
    chooseTool(tool) {
      views?.cancelDrawing();
      store.show({ tool: tool === store.get().tool ? 'curve' : tool, hint: '' });
    },
    setVesselEdit: vesselEdit => store.set({ vesselEdit }),
    resetVessel: vessel => change({ [vessel]: null }),
    showVessel(vessel) {
      const series = currentSeries();
      const [first] = shownVessels(store.get())[vessel];
      if (series && first !== undefined) showSlice(voxelAt(first, series.volume.dimensions)[2]);
    },
    setSettings: part => change({ settings: { ...store.get().history.present.settings, ...part } }),
    setRules: part => change({ rules: { ...store.get().history.present.rules, ...part } }),
    cancelComputing: run.cancel,
    selectRegion(region) {
      store.show({ selectedRegion: region });
      const selected = regions()[region];
      if (selected) showSlice(selected.slice);
    },
    removeRegion: region => change({ regions: regions().filter((_, index) => index !== region) }),
    setColorMap: colorMap => store.show({ display: { ...store.get().display, colorMap } }),
    setRange,
    showMap(view, map) {
      store.show({ shownMaps: store.get().shownMaps.map((shown, index) => (index === view ? map : shown)) });
    },
    showOutlines: showsOutlines => store.show({ showsOutlines }),
    undo: () => goTo(undo(store.get().history)),
    redo: () => goTo(redo(store.get().history)),
    cancelTool() {
      if (views?.cancelDrawing()) return;
      if (store.get().tool !== 'curve') store.show({ tool: 'curve', hint: '' });
    },
    restore({ result, saved }) {
      const series = currentSeries();
      const { survey, history } = store.get();
      if (!series || !survey) return;
      const decisions = decisionsOf(saved, result.settings);
      run.stop();
      store.show({
        history: decide(history, decisions),
        computed: {
          maps: result.maps,
          volumeMaps: null,
          settings: result.settings,
          vessels: chosenVessels(series, survey, decisions),
          decisions,
          report: result.run,
          volumeReport: null,
          isStored: true,
          software: result.software,
        },
        stroke: result.stroke,
        display: result.display,
        shownMaps: saved.shownMaps,
        phase: 'ready',
        computing: null,
        hint: '',
      });
    },
    startOver: () => change({ ...NOTHING_DECIDED.present, settings: { ...NOTHING_DECIDED.present.settings } }),
    setExporting: exporting => store.set({ exporting }),
    destroy() {
      playback.stop();
      opening.destroy();
      timeBar.destroy();
      views?.destroy();
      engine.destroy();
      store.destroy();
    },
  };
}
