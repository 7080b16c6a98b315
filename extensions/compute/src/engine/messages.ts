import type { VoxelVolume } from '../volume.ts';
import type { KernelResult, RunOptions } from './kernel.ts';

/** From the page to the worker. Each is answered once, with the same id. */
export type Request = { readonly id: number } & (
  | { readonly type: 'load'; readonly volumeId: string; readonly volume: VoxelVolume }
  | { readonly type: 'unload'; readonly volumeId: string }
  | {
      readonly type: 'run';
      readonly kernel: string;
      readonly volumeId: string;
      readonly parameters: unknown;
      readonly options: RunOptions;
    }
);

/** From the worker to the page. */
export type Response =
  | { readonly id: number; readonly ok: true; readonly result?: KernelResult<unknown> }
  | { readonly id: number; readonly ok: false; readonly message: string };
