import { Worker as Thread } from 'node:worker_threads';

/** A worker thread that serves the kernels of perfusion, in the shape of a browser's worker. */
export function startNodeWorker(): Worker {
  const thread = new Thread(new URL('./worker-thread.ts', import.meta.url));
  const worker = {
    onmessage: null as ((event: { data: unknown }) => void) | null,
    onerror: null as ((event: { message: string }) => void) | null,
    onmessageerror: null,
    postMessage: (message: unknown, transfer: ArrayBuffer[]) => thread.postMessage(message, transfer),
    terminate: () => void thread.terminate(),
  };
  thread.on('message', data => worker.onmessage?.({ data }));
  thread.on('error', error => worker.onerror?.({ message: (error as Error).message }));
  return worker as unknown as Worker;
}
