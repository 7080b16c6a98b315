import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, type Page, test, type Worker } from '@playwright/test';
import type { Viewer } from '@voxelwise/viewer';
import { CalciumPage } from '../support/calcium-page.ts';
import { testData } from '../support/paths.ts';
import { startTestViewer } from '../support/viewer.ts';

interface Region {
  readonly name: string;
  readonly centre: readonly [row: number, column: number];
  readonly slices: readonly [first: number, last: number];
}

const PHANTOM_STUDY = '1.2.392.200036.9116.2.6.1.3268.2051117512.1455183481.419226';
/** Agreement that the published total, given to three decimals, allows. */
const TOLERANCE = 1e-3;
const folder = testData('calcium/qrm-phantom');

test.describe('on the real scan of the QRM phantom', () => {
  test.skip(folder === null, '../shared/data/calcium/qrm-phantom is not here');
  test.describe.configure({ mode: 'serial', timeout: 300_000 });
  let viewer: Viewer;
  let regions: Region[];

  test.beforeAll(async () => {
    if (folder === null) return;
    viewer = await startTestViewer({ samples: false, importFolders: [path.join(folder, 'dicom')] });
    regions = JSON.parse(await readFile(path.join(folder, 'rois.json'), 'utf8'));
  });
  test.afterAll(async () => {
    await viewer?.close();
  });

  /** Opens the scan with a producer that is asked for in the address, and assigns every insert. */
  const openScored = async (page: Page, producer: string) => {
    const calcium = new CalciumPage(page);
    await page.goto(`${viewer.url}/voxelwise-calcium?StudyInstanceUIDs=${PHANTOM_STUDY}&producer=${producer}`);
    await calcium.ready();
    await page.keyboard.press('2');
    for (const { centre, slices } of regions) {
      await calcium.clickVoxel([centre[1], centre[0], (slices[0] + slices[1]) / 2]);
    }
    return calcium;
  };

  const scores: object[] = [];
  for (const producer of ['webgl2', 'wasm', 'ts']) {
    test(`${producer}, preferred in the address, computes the published score`, async ({ page }) => {
      const calcium = await openScored(page, producer);
      await expect(calcium.panel.getByTestId('calcium-producer')).toHaveAttribute('data-producer', producer);
      await expect(calcium.panel.getByTestId('calcium-compute-notice')).toHaveCount(0);
      const score = await calcium.score('total');
      expect(Math.abs((score.agatston ?? 0) - 966.6263)).toBeLessThan(TOLERANCE);
      scores.push({ ...score, candidates: await calcium.panel.getByTestId('calcium-candidate-count').textContent() });
      expect(scores.at(-1)).toEqual(scores[0]);
      expect(calcium.uncaughtErrors()).toEqual([]);
    });
  }

  test('a context that is lost at 20 points of runs: the same scores, the panel says who finished, no stale tint', async ({
    page,
  }) => {
    const calcium = await openScored(page, 'webgl2');
    const worker = page.workers().find(one => one.url().includes('calcium-worker'));
    if (!worker) throw new Error('The mode has no worker.');
    const producer = calcium.panel.getByTestId('calcium-producer');
    const notice = calcium.panel.getByTestId('calcium-compute-notice');
    const outcome = async () => ({
      score: await calcium.score('total'),
      candidates: await calcium.panel.getByTestId('calcium-candidate-count').textContent(),
      tint: await calcium.tintHash(),
    });
    const setThreshold = async (thresholdHu: number) => {
      await calcium.threshold.fill(String(thresholdHu));
      await expect(calcium.panel.getByTestId('calcium-convention')).toContainText(`HU >= ${thresholdHu}`);
    };
    await watchCalls(worker);

    const at130 = await outcome();
    await setThreshold(160);
    const at160 = await outcome();
    expect(at160.tint).not.toBe(at130.tint);
    expect(at160.score).not.toEqual(at130.score);
    await loseContextAt(worker, 1);
    await setThreshold(130);
    await restoreContext(worker);
    // The volume has to go to the GPU again, so this is all that a run does there.
    const calls = await callsDuring(worker, () => setThreshold(160));
    await loseContextAt(worker, 1);
    await setThreshold(150);
    await restoreContext(worker);

    const random = seededRandom(20);
    let failovers = 0;
    for (let point = 0; point < 20; point++) {
      const [thresholdHu, expected] = point % 2 === 0 ? [130, at130] : [160, at160];
      const call = 1 + Math.floor(random() * calls);
      await loseContextAt(worker, call);
      await setThreshold(thresholdHu);
      const at = `context lost at call ${call}`;
      expect(await outcome(), at).toEqual(expected);
      if ((await producer.getAttribute('data-producer')) !== 'webgl2') {
        failovers++;
        await expect(notice, at).toContainText('WebGL2 could not compute this');
        await expect(notice, at).toContainText('finished the job with the same result');
      }
      await restoreContext(worker);
    }
    expect(failovers).toBeGreaterThan(15); // a loss after the last step harms nothing

    await setThreshold(130);
    await setThreshold(160);
    await expect(producer).toHaveAttribute('data-producer', 'webgl2');
    await expect(notice).toHaveCount(0);
    expect(await outcome()).toEqual(at160);
    expect(calcium.uncaughtErrors()).toEqual([]);
  });
});

/** What the tests keep in the worker: how many WebGL calls there were, and before which one the context is lost. */
interface WatchedScope {
  webglCalls: number;
  loseAtCall: number;
  lost: { readonly context: WebGL2RenderingContext; readonly extension: WEBGL_lose_context | null } | null;
}

/** From now on, the worker counts its calls to WebGL, and loses the context before one of them when it is told to. */
async function watchCalls(worker: Worker): Promise<void> {
  await worker.evaluate(() => {
    const scope = globalThis as unknown as WatchedScope;
    Object.assign(scope, { webglCalls: 0, loseAtCall: 0, lost: null });
    const { prototype } = WebGL2RenderingContext;
    const getExtension = prototype.getExtension;
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const original = Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown;
      if (typeof original !== 'function' || name === 'isContextLost' || name === 'constructor') continue;
      Object.defineProperty(prototype, name, {
        configurable: true,
        value(this: WebGL2RenderingContext, ...callArguments: unknown[]) {
          if (++scope.webglCalls === scope.loseAtCall) {
            // A context that is lost gives no extension any more.
            const extension: WEBGL_lose_context | null = Reflect.apply(getExtension, this, ['WEBGL_lose_context']);
            scope.lost = { context: this, extension };
            extension?.loseContext();
          }
          return Reflect.apply(original, this, callArguments) as unknown;
        },
      });
    }
  });
}

async function callsDuring(worker: Worker, action: () => Promise<void>): Promise<number> {
  const calls = () => worker.evaluate(() => (globalThis as unknown as WatchedScope).webglCalls);
  const before = await calls();
  await action();
  return (await calls()) - before;
}

async function loseContextAt(worker: Worker, call: number): Promise<void> {
  await worker.evaluate(next => {
    const scope = globalThis as unknown as WatchedScope;
    scope.loseAtCall = scope.webglCalls + next;
  }, call);
}

/** Gives a context that was lost back, and waits until whatever rebuilds itself on that has done so. */
async function restoreContext(worker: Worker): Promise<void> {
  await worker.evaluate(async () => {
    const scope = globalThis as unknown as WatchedScope;
    const { lost } = scope;
    scope.loseAtCall = 0;
    scope.lost = null;
    if (!lost) return;
    const { context, extension } = lost;
    const restored = new Promise(resolve => {
      context.canvas.addEventListener('webglcontextrestored', resolve, { once: true });
    });
    await new Promise(resolve => setTimeout(resolve, 20)); // it may not be restored before the event of its loss
    if (!context.isContextLost()) return;
    extension?.restoreContext();
    await restored;
    await new Promise(resolve => setTimeout(resolve));
  });
}

/** Mulberry32: the same numbers from 0 to 1 on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
