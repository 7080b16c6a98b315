import type { Host } from './host.ts';
import type { Instance } from './ohif.ts';

/** A point on the canvas of a viewport, in CSS pixels. */
export type CanvasPoint = readonly [number, number];

/** What Voxelwise asks of a Cornerstone viewport; stack and volume viewports both have it. */
export interface Viewport {
  readonly id: string;
  readonly element: HTMLDivElement;
  readonly type: string;
  getCurrentImageId?(): string | undefined;
  getSlabThickness?(): number;
  getCamera?(): { readonly viewPlaneNormal?: readonly [number, number, number] };
  getImageIds?(): string[];
  setImageIdIndex?(index: number): Promise<unknown> | unknown;
  worldToCanvas(world: readonly number[]): [number, number];
  canvasToWorld(canvas: CanvasPoint): [number, number, number];
  render(): void;
}

/** Every viewport on screen, looked up anew each time: the host replaces them when layouts change. */
export function allViewports({ cornerstone }: Host): Viewport[] {
  return (cornerstone.getRenderingEngines() ?? [])
    .flatMap(engine => (engine?.getViewports() ?? []) as unknown as Viewport[])
    .filter(viewport => viewport.element?.isConnected);
}

/** The viewport that lives in this element. */
export function viewportOf(host: Host, element: Element): Viewport | undefined {
  return allViewports(host).find(viewport => viewport.element === element);
}

/** A projection through more than this is no longer a slice: what lies in front of it and behind would be missed. */
const MAXIMUM_SLAB_MM = 1;

/** The image that a viewport shows when it shows one slice of an acquisition, else undefined. */
export function currentImageId(viewport: Viewport): string | undefined {
  try {
    if ((viewport.getSlabThickness?.() ?? 0) > MAXIMUM_SLAB_MM) return undefined;
    return viewport.getCurrentImageId?.();
  } catch {
    return undefined; // volume viewports throw while their volume is being set, and when they are reformatted
  }
}

/** Where the pixels of one image lie in the patient. Pixel centres have integer coordinates [column, row]. */
export interface ImagePlane {
  readonly toWorld: (column: number, row: number) => [number, number, number];
  readonly toImage: (world: readonly number[]) => [number, number];
}

/**
 * Plane of an image from its DICOM attributes. Cornerstone's own helpers are not used: they count from pixel corners
 * and exchange row and column spacing, which is wrong for pixels that are not square.
 */
export function imagePlane(instance: Instance): ImagePlane {
  const origin = numbers(instance.ImagePositionPatient);
  const orientation = numbers(instance.ImageOrientationPatient);
  const [rowSpacingMm = 1, columnSpacingMm = 1] = numbers(instance.PixelSpacing);
  const alongRow = orientation.slice(0, 3);
  const alongColumn = orientation.slice(3, 6);
  const along = (vector: readonly number[], axis: readonly number[]) =>
    vector.reduce((sum, value, i) => sum + value * axis[i]!, 0);
  return {
    toWorld: (column, row) =>
      origin.map(
        (value, i) => value + alongRow[i]! * column * columnSpacingMm + alongColumn[i]! * row * rowSpacingMm,
      ) as [number, number, number],
    toImage: world => {
      const offset = origin.map((value, i) => world[i]! - value);
      return [along(offset, alongRow) / columnSpacingMm, along(offset, alongColumn) / rowSpacingMm];
    },
  };
}

/** Numbers of a multi-valued attribute, which OHIF gives as an array of numbers or of strings. */
export function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.map(Number) : value === undefined || value === null ? [] : [Number(value)];
}

/** Shows an image in every viewport whose stack holds it. */
export async function jumpToImage(host: Host, imageId: string): Promise<void> {
  for (const viewport of allViewports(host)) {
    const index = viewport.getImageIds?.().indexOf(imageId) ?? -1;
    if (index < 0 || !currentImageId(viewport)) continue;
    await host.cornerstone.utilities.jumpToSlice(viewport.element, { imageIndex: index });
  }
}
