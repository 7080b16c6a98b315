import { MessageChannel } from 'node:worker_threads';
import { steppingKernel, sumKernel, throwingKernel } from '../engine/kernels.test-support.ts';
import type { Request, Response } from '../engine/messages.ts';
import { thresholdMaskKernel } from '../kernels/threshold-mask/index.ts';
import { serveKernels, type WorkerScope } from './serve.ts';

type Answer = Extract<Response, { ok: boolean }>;

/** Sends the requests at once through a real message channel and gives the answers in their order of arrival. */
async function ask(...requests: Request[]): Promise<Answer[]> {
  return (await hear(requests, requests.length)).filter(message => 'ok' in message);
}

/** All messages after the first, which says that the worker is ready, until so many answers have come. */
async function hear(requests: Request[], answers: number): Promise<Response[]> {
  const { port1: page, port2: inside } = new MessageChannel();
  const scope: WorkerScope = {
    onmessage: null,
    postMessage: (message, transfer) => inside.postMessage(message, transfer as unknown as ArrayBuffer[]),
  };
  serveKernels([sumKernel, throwingKernel, thresholdMaskKernel, steppingKernel], scope);
  inside.on('message', (data: Request) => scope.onmessage?.({ data } as MessageEvent<Request>));
  try {
    return await new Promise(resolve => {
      const heard: Response[] = [];
      page.on('message', (message: Response) => {
        heard.push(message);
        if (heard.filter(one => 'ok' in one).length === answers) resolve(heard.slice(1));
      });
      for (const request of requests) page.postMessage(request);
    });
  } finally {
    page.close();
  }
}

const load = (id: number, volumeId: string, ...values: number[]): Request => ({
  id,
  type: 'load',
  volumeId,
  volume: { voxels: Float32Array.from(values), dimensions: [values.length, 1, 1] },
});
const run = (id: number, volumeId: string, kernel = 'test.sum', parameters: unknown = { plus: 0 }): Request => ({
  id,
  type: 'run',
  kernel,
  volumeId,
  parameters,
  options: {},
});

describe('serveKernels', () => {
  test('answers each request once, in order, with its own id', async () => {
    const answers = await ask(load(7, 'a', 1, 2), run(3, 'a'), load(9, 'b', 5), run(1, 'b'), run(2, 'a'));
    expect(answers).toMatchObject([
      { id: 7, ok: true },
      { id: 3, ok: true, result: { output: 3, report: { producer: 'ts' } } },
      { id: 9, ok: true },
      { id: 1, ok: true, result: { output: 5 } },
      { id: 2, ok: true, result: { output: 3 } },
    ]);
  });

  test('answers a failed request with a sentence and goes on', async () => {
    const answers = await ask(
      run(1, 'nowhere'),
      load(2, 'a', 1, 2),
      run(3, 'a', 'test.throwing', null),
      run(4, 'a', 'test.unserved', null),
      { ...load(5, 'a', 1), volume: { voxels: new Float32Array(2), dimensions: [3, 1, 1] } } as Request,
      run(6, 'a'),
    );
    expect(answers).toMatchObject([
      { id: 1, ok: false, message: 'The volume nowhere is not loaded in the compute engine.' },
      { id: 2, ok: true },
      { id: 3, ok: false, message: expect.stringContaining('the twin does not like this volume') },
      { id: 4, ok: false, message: 'This worker has no kernel named test.unserved.' },
      { id: 5, ok: false, message: 'A volume of 3 x 1 x 1 voxels cannot have 2 values.' },
      { id: 6, ok: true, result: { output: 3 } },
    ]);
  });

  test('forgets a volume when it is unloaded', async () => {
    const answers = await ask(load(1, 'a', 1), { id: 2, type: 'unload', volumeId: 'a' }, run(3, 'a'));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, false]);
  });

  test('moves the buffers that a kernel names, and answers again with fresh ones', async () => {
    const mask = (id: number) => run(id, 'a', 'compute.threshold-mask', { threshold: 2 });
    const answers = await ask(load(1, 'a', 1, 2, 3), mask(2), mask(3));
    for (const answer of answers.slice(1)) {
      expect(answer).toMatchObject({ ok: true, result: { output: { width: 3, rows: 1 } } });
      const { result } = answer as { result: { output: { words: Uint32Array } } };
      expect([...result.output.words]).toEqual([0b110]);
    }
  });

  test('says when it begins, by which producer, how far it is, and ends', async () => {
    const heard = await hear([load(1, 'a', 1, 2), run(2, 'a', 'test.stepping', { steps: 5, stepMs: 120 })], 2);
    expect(heard.slice(0, 4)).toEqual([
      { id: 1, notice: 'begun' },
      { id: 1, ok: true },
      { id: 2, notice: 'begun' },
      { id: 2, notice: 'running', producer: 'ts' },
    ]);
    const fractions = heard
      .slice(4, -1)
      .map(message => ('notice' in message && message.notice === 'progress' ? message.fraction : -1));
    expect(fractions.length).toBeGreaterThan(1);
    expect(fractions).toEqual([...fractions].sort());
    expect(Math.min(...fractions)).toBeGreaterThanOrEqual(0);
    expect(heard.at(-1)).toMatchObject({ id: 2, ok: true, result: { output: 3 } });
  });

  test('does not begin what was cancelled before, and goes on', async () => {
    const endless = { steps: 1e6, stepMs: 1 };
    const heard = await hear(
      [load(1, 'a', 1, 2), run(2, 'a', 'test.stepping', endless), run(3, 'a'), { id: 2, type: 'cancel' }],
      3,
    );
    expect(heard).toMatchObject([
      { id: 1, notice: 'begun' },
      { id: 1, ok: true },
      { id: 2, ok: false, message: 'The computation was cancelled.' },
      { id: 3, notice: 'begun' },
      { id: 3, notice: 'running', producer: 'ts' },
      { id: 3, ok: true, result: { output: 3 } },
    ]);
  });
});
