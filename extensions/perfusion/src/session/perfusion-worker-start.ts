/**
 * Starts the worker that computes maps. The file beside this one is named as bundlers and the plug-in build expect it: they
 * find `new Worker(new URL(...))` and put the worker next to the code that starts it.
 */
export function startPerfusionWorker(): Worker {
  return new Worker(new URL('./perfusion-worker.js', import.meta.url), { type: 'module', name: 'voxelwise-perfusion' });
}
