import type { Host } from './host.ts';
import { allViewports, type Viewport } from './viewports.ts';

/** How voxel values look in a 3D rendering. */
export interface VolumeStyle {
  /** [value, opacity 0 to 1] per unit length, ascending. */
  readonly opacity: readonly (readonly [number, number])[];
  /** [value, red, green, blue], each 0 to 1, ascending. */
  readonly color: readonly (readonly [number, number, number, number])[];
}

/** The part of vtk.js that is used. */
interface TransferFunction {
  removeAllPoints(): void;
  addPoint?(value: number, opacity: number): unknown;
  addRGBPoint?(value: number, red: number, green: number, blue: number): unknown;
  getSize(): number;
}
interface VolumeActor {
  getProperty(): {
    getScalarOpacity(component: number): TransferFunction;
    getRGBTransferFunction(component: number): TransferFunction;
    setShade(shade: boolean): unknown;
  };
  getMapper(): { setSampleDistance(distanceMm: number): unknown };
}
interface VolumeViewport extends Viewport {
  getActors(): readonly { readonly actor: unknown }[];
}

/**
 * Steps of the rays where the graphics are emulated on the processor. With shading and the default step of less than a
 * millimeter one frame of a cardiac CT takes seconds there; without shading and with this step a fifth of one.
 */
const SOFTWARE_STEP_MM = 2;

/** Gives every 3D viewport this style, also those that appear later. @returns a function that stops it */
export function styleVolumeRendering(host: Host, style: VolumeStyle): () => void {
  const { IMAGE_RENDERED, VOLUME_VIEWPORT_NEW_VOLUME } = host.cornerstone.Enums.Events;
  const isSoftware = isSoftwareRendering();

  const apply = (viewport: VolumeViewport) => {
    if (viewport.type !== 'volume3d') return;
    let changed = false;
    for (const { actor } of viewport.getActors())
      changed = styleActor(actor as VolumeActor, style, isSoftware) || changed;
    if (changed) viewport.render();
  };
  // The host applies its own preset after the volume has been set, so the style is looked at again after each frame.
  const onEvent = (event: Event) => {
    const { viewportId } = (event as CustomEvent<{ viewportId: string }>).detail;
    const viewport = allViewports(host).find(({ id }) => id === viewportId);
    if (viewport) apply(viewport as VolumeViewport);
  };
  document.addEventListener(VOLUME_VIEWPORT_NEW_VOLUME, onEvent, true);
  document.addEventListener(IMAGE_RENDERED, onEvent, true);
  for (const viewport of allViewports(host)) apply(viewport as VolumeViewport);
  return () => {
    document.removeEventListener(VOLUME_VIEWPORT_NEW_VOLUME, onEvent, true);
    document.removeEventListener(IMAGE_RENDERED, onEvent, true);
  };
}

/** @returns true when the actor looked different before */
function styleActor(actor: VolumeActor, style: VolumeStyle, isSoftware: boolean): boolean {
  const property = actor.getProperty();
  const opacity = property.getScalarOpacity(0);
  const color = property.getRGBTransferFunction(0);
  // Presets have other numbers of points; a reader who changes window or preset by hand gets the style back on reload.
  if (opacity.getSize() === style.opacity.length && color.getSize() === style.color.length) return false;
  opacity.removeAllPoints();
  for (const [value, alpha] of style.opacity) opacity.addPoint?.(value, alpha);
  color.removeAllPoints();
  for (const [value, red, green, blue] of style.color) color.addRGBPoint?.(value, red, green, blue);
  property.setShade(!isSoftware);
  if (isSoftware) actor.getMapper().setSampleDistance(SOFTWARE_STEP_MM);
  return true;
}

/** True where WebGL is emulated on the processor: virtual machines, remote desktops, blocked graphics drivers. */
function isSoftwareRendering(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return true;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext(); // contexts are few, and the host needs them
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer);
}
