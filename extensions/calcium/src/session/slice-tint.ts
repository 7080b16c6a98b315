import type { LesionSet, Vessel } from '../core/index.ts';
import { CANDIDATE_COLOR, rgbOf, VESSEL_COLORS } from '../results/vessel-colors.ts';

const OPACITY = 0.55;
const SELECTED_OPACITY = 0.85;

/**
 * One slice's lesions as pixels: candidates in one neutral color, assigned lesions in their vessel's.
 * @param slice index of the slice in the volume
 */
export function tintSlice(
  { runs, lesionOfRun, dimensions }: LesionSet,
  vessels: readonly (Vessel | null)[],
  selectedLesion: number,
  slice: number,
): ImageData {
  const [width, height] = dimensions;
  const picture = new ImageData(width, height);
  const pixels = new Uint32Array(picture.data.buffer);
  for (let y = 0; y < height; y++) {
    const row = slice * height + y;
    for (let run = runs.rowStart[row]!; run < runs.rowStart[row + 1]!; run++) {
      const lesion = lesionOfRun[run]!;
      const vessel = vessels[lesion];
      const color = vessel ? VESSEL_COLORS[vessel] : CANDIDATE_COLOR;
      const value = abgr(color, lesion === selectedLesion ? SELECTED_OPACITY : OPACITY);
      pixels.fill(value, y * width + runs.start[run]!, y * width + runs.end[run]!);
    }
  }
  return picture;
}

/** Color as the little-endian word that ImageData's bytes r, g, b, a make. */
function abgr(color: string, opacity: number): number {
  const [red, green, blue] = rgbOf(color);
  return ((Math.round(opacity * 255) << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
