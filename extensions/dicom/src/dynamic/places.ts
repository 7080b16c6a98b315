import { dot, headwardNormal, type Vector } from '../vectors.ts';

/** Where a frame lies, as numbers. */
export interface FramePosition {
  readonly position: readonly number[];
  readonly orientation: readonly number[];
}

/** One slice of the patient, and the frames that show it. */
export interface Place {
  /** Along the slice normal that points to the head, mm. */
  readonly zMm: number;
  /** Indices into the given frames. */
  readonly frames: readonly number[];
}

/** Frames that lie closer to each other show the same slice: scanners write small table movements. */
export const SAME_PLACE_MM = 0.1;

/** The places of parallel frames, by ascending position. */
export function placesOf(frames: readonly FramePosition[]): Place[] {
  const [first] = frames;
  if (!first) return [];
  const normal = headwardNormal(first.orientation);
  const placed = frames
    .map(({ position }, index) => ({ index, zMm: dot(position as Vector, normal) }))
    .sort((a, b) => a.zMm - b.zMm || a.index - b.index);
  const places: { zMm: number; frames: number[] }[] = [];
  for (const { index, zMm } of placed) {
    const last = places.at(-1);
    if (last && zMm - last.zMm <= SAME_PLACE_MM) last.frames.push(index);
    else places.push({ zMm, frames: [index] });
  }
  return places;
}

/** How many frames most places have: the number of time points of a 4D series. A place counts as often as it has frames. */
export function usualFrames(places: readonly Place[]): number {
  const weights = new Map<number, number>();
  for (const { frames } of places) weights.set(frames.length, (weights.get(frames.length) ?? 0) + frames.length);
  const [usual] = [...weights].sort(([a, weightA], [b, weightB]) => weightB - weightA || b - a);
  return usual?.[0] ?? 0;
}
