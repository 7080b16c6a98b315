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
interface VolumeActor {
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

/**
 * Adds a 3D preset to the host's own, for a hanging protocol to name. As the host applies it, a reader who picks
 * another one keeps that. Presets write numbers as text, after how many there are.
 */
export function addVolumePreset({ cornerstone }: Host, name: string, { opacity, color }: VolumeStyle): void {
  const presets = cornerstone.CONSTANTS.VIEWPORT_PRESETS;
  if (presets.some(preset => preset.name === name)) return;
  const counted = (points: readonly (readonly number[])[]) => [points.flat().length, ...points.flat()].join(' ');
  presets.push({
    name,
    scalarOpacity: counted(opacity),
    gradientOpacity: '4 0 1 255 1',
    colorTransfer: counted(color),
    shade: isSoftwareRendering() ? '0' : '1',
    ambient: '0.1',
    diffuse: '0.9',
    specular: '0.2',
    specularPower: '10',
    interpolation: '1',
  });
}

/**
 * Makes 3D viewports coarser where graphics are emulated on the processor, also those that appear later.
 * @returns a function that stops it
 */
export function easeVolumeRendering(host: Host): () => void {
  if (!isSoftwareRendering()) return () => {};
  const { VOLUME_VIEWPORT_NEW_VOLUME } = host.cornerstone.Enums.Events;
  const ease = (viewport: VolumeViewport) => {
    if (viewport.type !== 'volume3d') return;
    for (const { actor } of viewport.getActors())
      (actor as VolumeActor).getMapper().setSampleDistance(SOFTWARE_STEP_MM);
  };
  const onNewVolume = (event: Event) => {
    const { viewportId } = (event as CustomEvent<{ viewportId: string }>).detail;
    const viewport = allViewports(host).find(({ id }) => id === viewportId);
    if (viewport) ease(viewport as VolumeViewport);
  };
  document.addEventListener(VOLUME_VIEWPORT_NEW_VOLUME, onNewVolume, true);
  for (const viewport of allViewports(host)) ease(viewport as VolumeViewport);
  return () => document.removeEventListener(VOLUME_VIEWPORT_NEW_VOLUME, onNewVolume, true);
}

let softwareRendering: boolean | undefined;

/** True where WebGL is emulated on the processor: virtual machines, remote desktops, blocked graphics drivers. */
function isSoftwareRendering(): boolean {
  softwareRendering ??= detectSoftwareRendering();
  return softwareRendering;
}

function detectSoftwareRendering(): boolean {
  const gl = document.createElement('canvas').getContext('webgl2');
  if (!gl) return true;
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext(); // contexts are few, and the host needs them
  return /swiftshader|llvmpipe|softpipe|software|basic render/i.test(renderer);
}
