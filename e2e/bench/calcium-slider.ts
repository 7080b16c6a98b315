import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { CalciumPage } from '../support/calcium-page.ts';
import { CHROMIUM_ARGUMENTS, ensureChromium, systemChromium } from '../support/chromium.ts';
import { REPOSITORY } from '../support/paths.ts';
import { startTestViewer } from '../support/viewer.ts';
import { calciumVolume64, writeCalciumStudy } from './calcium-volume.ts';
import { inclusiveTimes, type Profile } from './cpu-profile.ts';
import {
  recordSlider,
  type SliderEvent,
  type SliderStep,
  stepsOf,
  type WorkerRun,
  workerRunsOf,
} from './slider-recorder.ts';
import { percentile, summarize } from './statistics.ts';

const FRAME_MS = 16.7;
const STEPS = 150;
/** Between the steps: one by one, so that each is answered before the next; and as fast as a mouse tells. */
const PACES = { 'one by one': 70, 'as a mouse moves': 16 } as const;
/** Whose time is shown, by the names of the functions. */
const SHOWN = {
  'lesions that edits touch': ['touchedLesions'],
  'edits applied': ['applyEdits'],
  'tint of the slice': ['redrawTint'],
  'panel (React)': ['flushSyncWorkOnAllRoots', 'flushSyncCallbacks', 'CalciumPanel'],
  '3D markers': ['solidsOf', 'drawSolid'],
} as const;

/**
 * Drags the threshold slider through the mode on stock OHIF over a volume of 512 x 512 x 64, and prints how long after each
 * input event the new score is in the page and the new tint on the slice.
 */
export async function benchCalciumSlider(): Promise<void> {
  ensureChromium();
  const folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-bench-'));
  const volume = calciumVolume64();
  const study = path.join(folder, 'study');
  await mkdir(study);
  const studyUid = await writeCalciumStudy(study, volume);
  const pluginsFolder = path.join(folder, 'plugins');
  execFileSync(process.execPath, [path.join(REPOSITORY, 'scripts', 'build-plugins.mjs'), '--readable', pluginsFolder]);
  const viewer = await startTestViewer({ samples: false, importFolders: [study], pluginsFolder });
  const executablePath = systemChromium();
  const browser = await chromium.launch({ args: CHROMIUM_ARGUMENTS, ...(executablePath && { executablePath }) });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.addInitScript(recordSlider);
    const calcium = new CalciumPage(page);
    await calcium.open(viewer.url, studyUid);
    for (const { vessel, voxels } of volume.calcifications) {
      await page.keyboard.press(String(['LM', 'LAD', 'LCX', 'RCA'].indexOf(vessel) + 1));
      const voxel = voxels[voxels.length >> 1] ?? 0;
      await calcium.clickVoxel([voxel % 512, (voxel >> 9) % 512, voxel >> 18]);
    }
    await page.waitForTimeout(4_000); // until the 3D view stands still
    console.log(
      `\nThreshold slider, ${STEPS} steps from 100 to 250 HU, 512 x 512 x 64, ${(await calcium.score('total')).lesions} lesions ` +
        `assigned, stock OHIF, software rendering; load of the machine ${loadavg()[0]?.toFixed(1)}`,
    );
    for (const [name, pauseMs] of Object.entries(PACES)) {
      const { steps, runs, profile } = await drag(page, calcium, pauseMs);
      print(name, steps, runs, profile);
    }
  } finally {
    await browser.close();
    await viewer.close();
    await rm(folder, { recursive: true });
  }
}

async function drag(page: Page, calcium: CalciumPage, pauseMs: number) {
  const box = await calcium.threshold.boundingBox();
  if (!box) throw new Error('The threshold slider is not on screen.');
  const y = box.y + box.height / 2;
  const xOf = (step: number) => box.x + box.width * (0.5 + 0.3 * Math.sin(step / 12));
  const session = await page.context().newCDPSession(page);
  await page.mouse.move(xOf(0), y);
  await page.mouse.down();
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    (window as unknown as { sliderEvents: unknown[] }).sliderEvents.length = 0;
  });
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: 200 });
  await session.send('Profiler.start');
  for (let step = 1; step <= STEPS; step++) {
    await page.mouse.move(xOf(step), y);
    await page.waitForTimeout(pauseMs);
  }
  const { profile } = (await session.send('Profiler.stop')) as unknown as { profile: Profile };
  await page.mouse.up();
  await page.waitForTimeout(1_000);
  const events = await page.evaluate(() => (window as unknown as { sliderEvents: SliderEvent[] }).sliderEvents);
  return { steps: stepsOf(events), runs: workerRunsOf(events), profile };
}

function print(name: string, steps: readonly SliderStep[], runs: readonly WorkerRun[], profile: Profile): void {
  const column = (field: keyof SliderStep) => steps.map(step => step[field]);
  const both = steps.map(({ scoreMs, tintMs }) => Math.max(scoreMs, tintMs));
  console.log(`\n${name}: ${steps.length} steps`);
  for (const [label, times] of [
    ['input event to score in the page', column('scoreMs')],
    ['input event to tint drawn', column('tintMs')],
    ['the later of the two', both],
  ] as const) {
    const { median, minimum, maximum } = summarize(times);
    const inFrame = times.filter(ms => ms <= FRAME_MS).length;
    console.log(
      `  ${label.padEnd(36)} median ${median.toFixed(1)} ms, p90 ${percentile(times, 0.9).toFixed(1)}, ` +
        `${minimum.toFixed(1)} to ${maximum.toFixed(1)}; ${inFrame} of ${times.length} within ${FRAME_MS} ms`,
    );
  }
  if (runs.length > 0) {
    const worker = summarize(runs.map(({ workerMs }) => workerMs));
    const messages = summarize(runs.map(({ messagesMs }) => messagesMs));
    console.log(
      `  whole volume searched ${runs.length} times: worker ${worker.median.toFixed(1)} ms (${worker.minimum.toFixed(1)} to ` +
        `${worker.maximum.toFixed(1)}), messages ${messages.median.toFixed(1)} ms`,
    );
  }
  const times = inclusiveTimes(profile);
  const perStep = Object.entries(SHOWN).map(([label, functions]) => {
    const ms = functions.reduce((sum, one) => sum + (times.get(one) ?? 0), 0);
    return `${label} ${(ms / steps.length).toFixed(2)} ms`;
  });
  console.log(`  page, per step: ${perStep.join(', ')}`);
}
