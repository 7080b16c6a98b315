import type { PerfusionPayload } from '@voxelwise/records';

/** Volumes as a reader types them; '' for one that is not measured. */
export interface TypedVolumes {
  readonly core: string;
  readonly hypoperfused: string;
}

const DECIMALS = 2;

/** What a field shows of a volume that nobody has typed. */
export function shownVolume(volumeMl: number | null): string {
  return volumeMl === null ? '' : String(Number(volumeMl.toFixed(DECIMALS)));
}

/**
 * The result with the volumes that a reader has typed. Null while one of them is no number or is below 0.
 * @param payload what the form began with: what was not typed over keeps its digits
 */
export function correctedVolumes(
  { core, hypoperfused }: TypedVolumes,
  payload: PerfusionPayload,
): PerfusionPayload | null {
  const coreVolumeMl = volumeOf(core, payload.coreVolumeMl);
  const hypoperfusedVolumeMl = volumeOf(hypoperfused, payload.hypoperfusedVolumeMl);
  if (Number.isNaN(coreVolumeMl) || Number.isNaN(hypoperfusedVolumeMl)) return null;
  return { ...payload, coreVolumeMl, hypoperfusedVolumeMl };
}

/** @returns NaN for what is no volume */
function volumeOf(text: string, before: number | null): number | null {
  if (text === shownVolume(before)) return before;
  if (text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : Number.NaN;
}
