import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { Viewer } from '@voxelwise/viewer';
import { MAPS, PerfusionPage } from '../support/perfusion-page.ts';
import { type PerfusionStudy, writeEnhancedPerfusionStudy, writePerfusionStudy } from '../support/perfusion-study.ts';
import { startTestViewer } from '../support/viewer.ts';

test.describe.configure({ mode: 'serial' });

let folder: string;
let viewer: Viewer;
let study: PerfusionStudy;
const volumes: { core: number; hypoperfusion: number }[] = [];

test.beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'voxelwise-perfusion-'));
  study = await writePerfusionStudy(folder, { phantom: { dimensions: [64, 64, 4] } });
  viewer = await startTestViewer({ samples: false, importFolders: [folder] });
});
test.afterAll(async () => {
  await viewer.close();
  await rm(folder, { recursive: true });
});

for (const producer of ['wasm', 'webgl2', 'ts']) {
  test(`${producer}, preferred in the address, computes the maps, with the same volumes`, async ({ page }) => {
    const perfusion = new PerfusionPage(page);
    await perfusion.open(viewer.url, study.studyUid, `&producer=${producer}`);
    await perfusion.unfold('perfusion-method-section');
    await expect(perfusion.panel.getByTestId('perfusion-producer')).toHaveAttribute('data-producer', producer);
    await expect(perfusion.panel.getByTestId('perfusion-compute-notice')).toHaveCount(0);
    volumes.push({
      core: await perfusion.value('perfusion-core'),
      hypoperfusion: await perfusion.value('perfusion-hypoperfusion'),
    });
    const [first, last] = [volumes[0], volumes.at(-1)];
    for (const name of ['core', 'hypoperfusion'] as const) {
      // A voxel at a threshold may fall on either side of it.
      expect(Math.abs((last?.[name] ?? 0) - (first?.[name] ?? 0))).toBeLessThan(0.005 * (first?.[name] ?? 0));
    }
    expect(perfusion.uncaughtErrors()).toEqual([]);
  });
}

test('an MR series by temporal position opens, too, in the unit of its signal', async ({ page }) => {
  const dsc = await writePerfusionStudy(path.join(folder, 'dsc'), {
    phantom: { dimensions: [64, 64, 4], signal: { kind: 'susceptibility', echoTimeS: 0.03 } },
  });
  const other = await startTestViewer({ samples: false, importFolders: [path.join(folder, 'dsc')] });
  try {
    const perfusion = new PerfusionPage(page);
    await perfusion.open(other.url, dsc.studyUid);
    await perfusion.unfold('perfusion-method-section');
    await expect(perfusion.panel.getByTestId('perfusion-convention')).toContainText('TE 30 ms');
    const hypoperfusion = await perfusion.value('perfusion-hypoperfusion');
    expect(Math.abs(hypoperfusion / dsc.phantom.hypoperfusionMl - 1)).toBeLessThan(0.15);
    expect(perfusion.uncaughtErrors()).toEqual([]);
  } finally {
    await other.close();
  }
});

test('the frames of an Enhanced CT image open, too, with their maps in place', async ({ page }) => {
  const enhanced = await writeEnhancedPerfusionStudy(path.join(folder, 'enhanced'), { dimensions: [64, 64, 4] });
  const other = await startTestViewer({ samples: false, importFolders: [path.join(folder, 'enhanced')] });
  try {
    const perfusion = new PerfusionPage(page);
    await perfusion.open(other.url, enhanced.studyUid);
    const hypoperfusion = await perfusion.value('perfusion-hypoperfusion');
    expect(Math.abs(hypoperfusion / enhanced.phantom.hypoperfusionMl - 1)).toBeLessThan(0.15);
    // Of a slice that is not the first one: little flow in the core, more in its mirror image, none in air.
    const [cbf = ''] = MAPS;
    const core = enhanced.phantom.core.indexOf(1, 2 * 64 * 64) % (64 * 64);
    const [column, row] = [core % 64, Math.floor(core / 64)];
    const colors = [];
    for (const x of [column, 63 - column, 1]) colors.push(await perfusion.colorAt(cbf, [x, row, 2]));
    expect(new Set(colors).size).toBe(3);
    expect(colors[2]).toBe('#000000');
    await perfusion.panel.getByTestId('perfusion-store').click();
    await expect(perfusion.panel.getByTestId('perfusion-store-message')).toHaveText('All 8 objects are stored.', {
      timeout: 60_000,
    });
    await perfusion.open(other.url, enhanced.studyUid);
    await expect(perfusion.panel.getByTestId('perfusion-restored')).toContainText('as it was', { timeout: 60_000 });
    expect(await perfusion.value('perfusion-hypoperfusion')).toBe(hypoperfusion);
    expect(perfusion.uncaughtErrors()).toEqual([]);
  } finally {
    await other.close();
  }
});
