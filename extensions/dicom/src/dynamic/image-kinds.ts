import { noSlice } from '../image-type.ts';
import { areSame, isSameCosine, isSameSpacing } from '../same-grid.ts';
import type { FramePosition } from './places.ts';
import { placesOf, usualFrames } from './places.ts';

/** What tells whether images can be slices of one 4D series. */
export interface KindOfImage extends FramePosition {
  readonly label: string;
  readonly modality: string;
  readonly imageType: string;
  readonly sliceThickness: string;
  readonly rows: number | undefined;
  readonly columns: number | undefined;
  readonly pixelSpacingMm: readonly number[];
}

/** Images of one kind, as indices into the given ones. */
export interface ImagesOfKind {
  readonly frames: readonly number[];
  /** What they are instead of slices over time, in words; null where they may be. */
  readonly isInstead: string | null;
}

/** Results of a perfusion program, which are often stored beside the images that they were computed from. */
const PERFUSION_MAP = /\b(R?CBF|R?CBV|MTT|TTP|TMAX|TMIP|TTD|TTS|FLOW EXTRACTION|PERMEABILITY)\b/;

/**
 * Puts images of one kind together: of one modality, matrix, pixel spacing, orientation and thickness. A series may hold a 3D
 * volume, a localizer or maps beside its 4D part.
 * @returns the likeliest 4D part first: that with enough images per place, and the most of them
 */
export function imagesByKind(images: readonly KindOfImage[], minimumTimePoints: number): ImagesOfKind[] {
  const kinds: { first: KindOfImage; isInstead: string | null; frames: number[] }[] = [];
  images.forEach((image, index) => {
    const isInstead = insteadOfSource(image.imageType);
    const known = kinds.find(kind => kind.isInstead === isInstead && isSameKind(kind.first, image));
    if (known) known.frames.push(index);
    else kinds.push({ first: image, isInstead, frames: [index] });
  });
  const weight = ({ frames, isInstead }: ImagesOfKind) => {
    const ofKind = frames.map(frame => images[frame]!);
    const timePoints = ofKind.every(isPlaced) ? usualFrames(placesOf(ofKind)) : 0;
    return frames.length + (isInstead ? 0 : 1e7) + (timePoints >= minimumTimePoints ? 1e8 : 0);
  };
  return kinds
    .map(kind => ({ kind, weight: weight(kind) }))
    .sort((a, b) => b.weight - a.weight)
    .map(({ kind: { frames, isInstead } }) => ({ frames, isInstead }));
}

/** What an image is instead of a source image, in words, by its ImageType; null where it may be one. */
export function insteadOfSource(imageType: string): string | null {
  const words = imageType.toUpperCase().replace(/[^A-Z0-9]+/g, ' ');
  if (PERFUSION_MAP.test(words)) return 'a perfusion map';
  return noSlice(imageType);
}

function isSameKind(a: KindOfImage, b: KindOfImage): boolean {
  return (
    isPlaced(a) === isPlaced(b) &&
    a.modality === b.modality &&
    a.rows === b.rows &&
    a.columns === b.columns &&
    Number(a.sliceThickness) === Number(b.sliceThickness) &&
    isAlike(a.pixelSpacingMm, b.pixelSpacingMm, isSameSpacing) &&
    isAlike(a.orientation, b.orientation, isSameCosine)
  );
}

function isPlaced({ position, orientation }: FramePosition): boolean {
  return [...position, ...orientation].filter(Number.isFinite).length === 9;
}

/** What is missing in both is alike too: whether that matters is asked later. */
function isAlike(a: readonly number[], b: readonly number[], isSame: (one: number, other: number) => boolean): boolean {
  return (a.length === 0 && b.length === 0) || areSame(a, b, isSame);
}
