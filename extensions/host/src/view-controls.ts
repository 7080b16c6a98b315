import type { Host } from './host.ts';
import type { Instance } from './ohif.ts';
import { allViewports, jumpToImage, numbers, type Viewport } from './viewports.ts';

/** A window in the values of the images, HU for CT. */
export interface ValueWindow {
  readonly width: number;
  readonly level: number;
}

/** How several slices become one picture. */
export type SlabBlend = 'mip' | 'average';

interface WindowedViewport extends Viewport {
  getProperties(): { readonly voiRange?: { readonly lower: number; readonly upper: number } };
  setProperties(properties: { voiRange: { lower: number; upper: number } }): void;
}

/** Shows every 2D view through a window. */
export function setWindow(host: Host, { width, level }: ValueWindow): void {
  for (const viewport of allViewports(host)) {
    if (viewport.type === 'volume3d') continue;
    const voiRange = host.cornerstone.utilities.windowLevel.toLowHighRange(width, level);
    (viewport as WindowedViewport).setProperties({ voiRange });
    viewport.render();
  }
}

/** The values that a view shows black and white; null while it shows nothing. */
export function valueWindowOf(
  host: Host,
  viewportId: string,
): { readonly lower: number; readonly upper: number } | null {
  const viewport = viewportWithId(host, viewportId) as WindowedViewport | undefined;
  return viewport?.getProperties().voiRange ?? null;
}

interface SlicedViewport extends Viewport {
  getCamera(): { readonly focalPoint: Vector; readonly position: Vector; readonly viewPlaneNormal: Vector };
  setCamera(camera: { focalPoint: Vector; position: Vector }): void;
}
type Vector = readonly [number, number, number];

/** The host needs this long at most to put another kind of viewport into a place. */
const SWITCH_TIMEOUT_MS = 5_000;
const POLL_MS = 50;

/**
 * Shows a viewport as an axial slab, or (thickness 0) as single slices again, at the same height. A slab is a
 * reformatted volume, so the host is asked for another kind of viewport in the same place.
 */
export async function setAxialSlab(
  host: Host,
  viewportId: string,
  { thicknessMm, blend }: { readonly thicknessMm: number; readonly blend: SlabBlend },
): Promise<void> {
  const { viewportGridService } = host.services;
  const viewport = viewportGridService.getState().viewports.get(viewportId);
  const [displaySetUid] = viewport?.displaySetInstanceUIDs ?? [];
  if (!viewport || !displaySetUid) return;
  const viewportType = thicknessMm > 0 ? 'volume' : 'stack';
  const imageId = imageIdOf(viewportWithId(host, viewportId));
  viewportGridService.setDisplaySetsForViewports([
    {
      viewportId,
      displaySetInstanceUIDs: [displaySetUid],
      viewportOptions: {
        ...viewport.viewportOptions,
        viewportType,
        ...(thicknessMm > 0 && { orientation: 'axial' }),
      },
      displaySetOptions: [
        thicknessMm > 0 ? { slabThickness: thicknessMm, blendMode: blend === 'mip' ? 'MIP' : 'AVG' } : {},
      ],
    },
  ]);
  if (!imageId) return;
  for (let waitedMs = 0; waitedMs < SWITCH_TIMEOUT_MS; waitedMs += POLL_MS) {
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
    const switched = viewportWithId(host, viewportId);
    const isStack = switched?.type === 'stack';
    if (!switched || isStack !== (viewportType === 'stack') || !imageIdOf(switched)) continue;
    if (isStack) await jumpToImage(host, imageId);
    else moveToImage(host, switched as SlicedViewport, imageId);
    return;
  }
}

function viewportWithId(host: Host, viewportId: string): Viewport | undefined {
  return allViewports(host).find(({ id }) => id === viewportId);
}

/** The image in the middle of what a viewport shows, a slab included. */
function imageIdOf(viewport: Viewport | undefined): string | undefined {
  try {
    return viewport?.getCurrentImageId?.();
  } catch {
    return undefined; // while its volume is being set
  }
}

/** Moves a reformatted view along its normal until it cuts through an image. */
function moveToImage({ cornerstone }: Host, viewport: SlicedViewport, imageId: string): void {
  const target = numbers((cornerstone.metaData.get('instance', imageId) as Instance | undefined)?.ImagePositionPatient);
  if (target.length !== 3) return;
  const { focalPoint, position, viewPlaneNormal: normal } = viewport.getCamera();
  const distance = normal.reduce((sum, along, i) => sum + along * (target[i]! - focalPoint[i]!), 0);
  const moved = (point: Vector) => point.map((value, i) => value + distance * normal[i]!) as unknown as Vector;
  viewport.setCamera({ focalPoint: moved(focalPoint), position: moved(position) });
  viewport.render();
}
