/** Pictures for slides and records. */

export type { MapPngOptions } from './map-png.ts';
export { mapPng } from './map-png.ts';
