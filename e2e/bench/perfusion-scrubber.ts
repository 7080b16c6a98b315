import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from '@playwright/test';
import { CHROMIUM_ARGUMENTS, ensureChromium, systemChromium } from '../support/chromium.ts';
import { REPOSITORY } from '../support/paths.ts';
import { MAPS, PerfusionPage, SOURCE } from '../support/perfusion-page.ts';
import { writePerfusionStudy } from '../support/perfusion-study.ts';
import { startTestViewer } from '../support/viewer.ts';
import { percentile, summarize } from './statistics.ts';

/** What happened in the page, in its clock. */
interface Trace {
  readonly inputsMs: readonly number[];
  /** When the picture over the source was drawn anew. */
  readonly picturesMs: readonly number[];
  readonly framesMs: readonly number[];
}

const STEPS = 240;
const PAUSE_MS = 16;

/**
 * Drags the timeline of the mode over a series of 256 x 256 x 4 x 60 on stock OHIF, then scrolls through its slices, and prints
 * how often the pictures changed and how long frames took.
 */
export async function benchPerfusionScrubber(): Promise<void> {
  ensureChromium();
  execFileSync(process.execPath, [path.join(REPOSITORY, 'scripts', 'build-plugins.mjs')], { stdio: 'inherit' });
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-bench-'));
  const { studyUid } = await writePerfusionStudy(folder, {
    phantom: { dimensions: [256, 256, 4], timePoints: 60, intervalS: 1, noiseSd: 2 },
  });
  const viewer = await startTestViewer({ samples: false, importFolders: [folder] });
  const executablePath = systemChromium();
  const browser = await chromium.launch({ args: CHROMIUM_ARGUMENTS, ...(executablePath && { executablePath }) });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.addInitScript(recordFrames);
    const perfusion = new PerfusionPage(page);
    await perfusion.open(viewer.url, studyUid);
    await page.waitForTimeout(3_000); // until nothing is under way any more
    console.log(
      `\nTimeline of 60 time points, 256 x 256 x 4, four maps beside it, stock OHIF, software rendering, 1280 x 800; load of the machine ${loadavg()[0]?.toFixed(1)}`,
    );

    const startTrace = () => page.evaluate(() => (window as unknown as { startTrace(): void }).startTrace());
    const trace = () => page.evaluate(() => (window as unknown as { trace: Trace }).trace);
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const processorMs = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
    };
    await startTrace();
    const before = await processorMs();
    const handlingMs = await perfusion.panel.getByTestId('perfusion-scrubber').evaluate(dragEveryFrame, STEPS);
    print('timeline dragged, a step in every frame', await trace());
    const perStep = ((await processorMs()) - before) / STEPS;
    console.log(
      `  for a step the page's thread needs ${perStep.toFixed(1)} ms of the processor, whatever else runs; it is handled in ${summarize(handlingMs).median.toFixed(1)} ms`,
    );

    const { x: left, y: top } = await perfusion.pointOf(MAPS[0] ?? SOURCE, [128, 128, 1]);
    await page.mouse.move(left, top);
    await startTrace();
    for (let step = 1; step <= STEPS / 2; step++) {
      await page.mouse.wheel(0, Math.floor(step / 3) % 2 === 0 ? 100 : -100);
      await page.waitForTimeout(2 * PAUSE_MS);
    }
    print('slices scrolled, all five views', await trace());
  } finally {
    await browser.close();
    await viewer.close();
    await rm(folder, { recursive: true });
  }
}

function print(name: string, { inputsMs, picturesMs, framesMs }: Trace): void {
  const gaps = (times: readonly number[]) => times.slice(1).map((time, i) => time - times[i]!);
  const seconds = ((framesMs.at(-1) ?? 0) - (framesMs[0] ?? 0)) / 1000;
  const frames = gaps(framesMs);
  const pictures = gaps(picturesMs);
  // From an input to the picture that shows it.
  const answers = inputsMs.flatMap(input => {
    const drawn = picturesMs.find(time => time >= input);
    return drawn === undefined ? [] : [drawn - input];
  });
  console.log(`\n${name}: ${seconds.toFixed(1)} s`);
  console.log(
    `  the source picture changed ${picturesMs.length} times, ${(picturesMs.length / seconds).toFixed(1)} per second; between two changes median ${summarize(pictures).median.toFixed(1)} ms, p95 ${percentile(pictures, 0.95).toFixed(1)}`,
  );
  console.log(
    `  frames of the page: ${(frames.length / seconds).toFixed(1)} per second; median ${summarize(frames).median.toFixed(1)} ms, p95 ${percentile(frames, 0.95).toFixed(1)}, longest ${summarize(frames).maximum.toFixed(1)}`,
  );
  if (answers.length > 0) {
    console.log(
      `  input event to picture drawn: median ${summarize(answers).median.toFixed(1)} ms, p95 ${percentile(answers, 0.95).toFixed(1)} (${answers.length} inputs)`,
    );
  }
}

/**
 * Runs in the page: moves the slider back and forth, one time point per frame. Not by the mouse, because a test's mouse takes longer
 * from one step to the next than the page.
 * @returns how long each step was handled
 */
function dragEveryFrame(slider: HTMLElement, steps: number): Promise<number[]> {
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set;
  const most = Number((slider as HTMLInputElement).max);
  const handlingMs: number[] = [];
  return new Promise(resolve => {
    let step = 0;
    const next = () => {
      const at = step % (2 * most);
      const started = performance.now();
      setValue?.call(slider, String(at <= most ? at : 2 * most - at));
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      handlingMs.push(performance.now() - started);
      step++;
      if (step < steps) requestAnimationFrame(next);
      else resolve(handlingMs);
    };
    requestAnimationFrame(next);
  });
}

/** Runs in the page, before anything else. */
function recordFrames(): void {
  let trace: { inputsMs: number[]; picturesMs: number[]; framesMs: number[] } | null = null;
  Object.assign(window, {
    startTrace() {
      trace = { inputsMs: [], picturesMs: [], framesMs: [] };
      Object.assign(window, { trace });
    },
  });
  const frame = () => {
    trace?.framesMs.push(performance.now());
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.addEventListener(
    'input',
    ({ target }) => {
      if (target instanceof HTMLInputElement && target.dataset.testid === 'perfusion-scrubber') {
        trace?.inputsMs.push(performance.now());
      }
    },
    { capture: true },
  );
  const { putImageData } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.putImageData = function record(this: CanvasRenderingContext2D, ...put: unknown[]) {
    Reflect.apply(putImageData, this, put);
    // The pictures of slices are put on canvases that are not in the page, and drawn from there; pictures that stay are not put again.
    if (!this.canvas.isConnected) trace?.picturesMs.push(performance.now());
  } as typeof putImageData;
}
