import { chromium } from '@playwright/test';
import { CHROMIUM_ARGUMENTS, ensureChromium, systemChromium } from '../support/chromium.ts';
import { sampleTruth, startTestViewer } from '../support/viewer.ts';
import { summarize } from './statistics.ts';

/** What the page recorded while the slider moved. */
interface Recording {
  readonly longTasksMs: number[];
  readonly frameGapsMs: number[];
  readonly computeMs: number[];
}

const LONG_TASK_MS = 50;

/** Drags the threshold slider through the mode on stock OHIF and prints what the page's main thread went through. */
export async function benchCalciumSlider(): Promise<void> {
  ensureChromium();
  const viewer = await startTestViewer();
  const executablePath = systemChromium();
  const browser = await chromium.launch({ args: CHROMIUM_ARGUMENTS, ...(executablePath && { executablePath }) });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${viewer.url}/voxelwise-calcium?StudyInstanceUIDs=${(await sampleTruth()).studyInstanceUid}`);
    await page.waitForSelector('.vw-calcium[data-phase=ready]', { timeout: 120_000 });
    await page
      .getByText('Skip all')
      .first()
      .click({ timeout: 5_000 })
      .catch(() => undefined);
    await page.waitForTimeout(5_000); // until the 3D view stands still

    await page.evaluate(() => {
      const recording: Recording = { longTasksMs: [], frameGapsMs: [], computeMs: [] };
      Object.assign(window, { recording });
      new PerformanceObserver(list => {
        for (const { duration } of list.getEntries()) recording.longTasksMs.push(duration);
      }).observe({ type: 'longtask' });
      let last = performance.now();
      const onFrame = (now: number) => {
        recording.frameGapsMs.push(now - last);
        last = now;
        requestAnimationFrame(onFrame);
      };
      requestAnimationFrame(onFrame);
      const producer = document.querySelector('[data-testid=calcium-producer]');
      new MutationObserver(() => {
        const milliseconds = Number(/in ([\d.]+) ms/.exec(producer?.textContent ?? '')?.[1]);
        if (milliseconds > 0) recording.computeMs.push(milliseconds);
      }).observe(producer ?? document.body, { subtree: true, characterData: true, childList: true });
    });
    const slider = await page.getByTestId('calcium-threshold').boundingBox();
    if (!slider) throw new Error('The threshold slider is not on screen.');
    const y = slider.y + slider.height / 2;
    await page.mouse.move(slider.x + slider.width * 0.32, y);
    await page.mouse.down();
    for (let step = 0; step <= 120; step++) {
      const part = 0.5 + 0.45 * Math.sin(step / 8);
      await page.mouse.move(slider.x + slider.width * part, y);
      await page.waitForTimeout(16);
    }
    await page.mouse.up();
    await page.waitForTimeout(500);
    const recording = await page.evaluate(() => (window as unknown as { recording: Recording }).recording);

    const frames = summarize(recording.frameGapsMs);
    const compute = summarize(recording.computeMs);
    const longest = Math.max(0, ...recording.longTasksMs);
    console.log(
      '\nThreshold slider dragged for 120 steps, sample study (512 x 512 x 48), stock OHIF 3.13.2, software rendering',
    );
    console.log(
      `re-scored ${compute.runs} times; worker time ${compute.median.toFixed(1)} ms (${compute.minimum.toFixed(1)} to ${compute.maximum.toFixed(1)})`,
    );
    console.log(
      `frames: median gap ${frames.median.toFixed(1)} ms, longest ${frames.maximum.toFixed(1)} ms, n=${frames.runs}`,
    );
    console.log(
      recording.longTasksMs.length === 0
        ? `long tasks on the main thread: none over ${LONG_TASK_MS} ms`
        : `long tasks on the main thread: ${recording.longTasksMs.length} over ${LONG_TASK_MS} ms, longest ${longest.toFixed(0)} ms`,
    );
  } finally {
    await browser.close();
    await viewer.close();
  }
}
