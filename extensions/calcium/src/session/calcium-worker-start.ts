/**
 * Starts the worker that scores. The file beside this one is named as bundlers and the plug-in build expect it: they
 * find `new Worker(new URL(...))` and put the worker next to the code that starts it.
 */
export function startCalciumWorker(): Worker {
  return new Worker(new URL('./calcium-worker.js', import.meta.url), { type: 'module', name: 'voxelwise-calcium' });
}
