/** Colors of the maps: pure functions. */

export type { ColorBarTick } from './color-bar.ts';
export { colorBarTicks } from './color-bar.ts';
export type { ColorMapName } from './color-maps.ts';
export { COLOR_MAP_LABELS, COLOR_MAPS, COLORS, colorBytes, DEFAULT_COLOR_MAP } from './color-maps.ts';
export type { MapDisplay } from './map-display.ts';
export { formatMapValue, isPerVolume, MAP_DISPLAYS, unitOf } from './map-display.ts';
export type { DisplayRange } from './render-map.ts';
export { assertDisplayRange, colorIndex, colorOf, renderMap } from './render-map.ts';
