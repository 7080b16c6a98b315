import { join } from 'node:path';
import { Worker as Thread } from 'node:worker_threads';

/** The file that serves the test kernels. */
export const WORKER_FILE = join(__dirname, 'worker-file.test-support.ts');

/** A real worker thread in the shape of a browser's Worker, which the test can also kill from outside. */
export interface NodeWorker {
  readonly worker: Worker;
  readonly kill: () => void;
  /** Ends the thread without any event, as a worker that closes itself. */
  readonly vanish: () => void;
  /** Resolves when the thread has ended. */
  readonly ended: Promise<void>;
}

export function startNodeWorker(file = WORKER_FILE): NodeWorker {
  const thread = new Thread(file);
  let terminated = false;
  const worker = {
    onmessage: null as ((event: { data: unknown }) => void) | null,
    onerror: null as ((event: { message: string }) => void) | null,
    onmessageerror: null as (() => void) | null,
    postMessage: (message: unknown, transfer: ArrayBuffer[]) => thread.postMessage(message, transfer),
    terminate: () => {
      terminated = true;
      void thread.terminate();
    },
  };
  thread.on('message', data => terminated || worker.onmessage?.({ data }));
  thread.on('error', error => terminated || worker.onerror?.({ message: (error as Error).message }));
  const ended = new Promise<void>(resolve => {
    thread.on('exit', code => {
      if (!terminated) worker.onerror?.({ message: `the thread ended with code ${code}` });
      resolve();
    });
  });
  return {
    worker: worker as unknown as Worker,
    kill: () => void thread.terminate(),
    vanish: worker.terminate,
    ended,
  };
}

/** Starts worker threads for an engine, and counts them; a test may name another file for some of them. */
export class NodeWorkers {
  readonly started: NodeWorker[] = [];

  readonly start = (fileOf: (start: number) => string | undefined = () => undefined): Worker => {
    const nodeWorker = startNodeWorker(fileOf(this.started.length));
    this.started.push(nodeWorker);
    return nodeWorker.worker;
  };

  /** Waits until all of them have ended. */
  async ended(): Promise<void> {
    await Promise.all(this.started.map(({ ended }) => ended));
  }
}
