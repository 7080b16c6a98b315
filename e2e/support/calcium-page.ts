import { expect, type Locator, type Page } from '@playwright/test';
import type { Truth } from './viewer.ts';
import { type PageCornerstone, type VoxelOnScreen, voxelOnPage } from './voxel-on-page.ts';

/** The calcium mode as a reader uses it. */
export class CalciumPage {
  readonly page: Page;
  readonly panel: Locator;
  readonly #errors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    this.panel = page.locator('.vw-calcium');
    page.on('pageerror', error => this.#errors.push(error.message));
  }

  /** Opens a study in the mode and waits until it is scored. */
  async open(url: string, studyInstanceUid: string): Promise<void> {
    await this.page.goto(`${url}/voxelwise-calcium?StudyInstanceUIDs=${studyInstanceUid}`);
    await this.ready();
  }

  /** Waits until the series is scored, and closes the viewer's tour, which covers the page on a first visit. */
  async ready(): Promise<void> {
    await expect(this.page.locator('.vw-calcium[data-phase=ready]')).toBeVisible({ timeout: 120_000 });
    const tour = this.page.getByText('Skip all');
    await tour
      .first()
      .click({ timeout: 5_000 })
      .catch(() => undefined);
  }

  /** Clicks on a voxel in the axial viewport. Slices count from 0 by ascending z. */
  async clickVoxel(voxel: VoxelOnScreen): Promise<void> {
    const { x, y } = await this.pointOf(voxel);
    await this.page.mouse.click(x, y);
  }

  /** Drags the primary button through places [column, row] of a slice. */
  async drag(slice: number, ...path: (readonly [column: number, row: number])[]): Promise<void> {
    for (const [index, [column, row]] of path.entries()) {
      const { x, y } = await this.pointOf([column, row, slice]);
      await this.page.mouse.move(x, y, { steps: index === 0 ? 1 : 6 });
      if (index === 0) await this.page.mouse.down();
    }
    await this.page.mouse.up();
  }

  /** Magnifies the axial viewport with a voxel in its middle. */
  async magnify(voxel: VoxelOnScreen, zoom: number): Promise<void> {
    const viewport = await this.page.evaluateHandle(() => {
      const { cornerstone } = window as unknown as { cornerstone: PageCornerstone };
      const viewports = cornerstone.getRenderingEngines().flatMap(engine => engine.getViewports());
      return viewports.find(({ type }) => type === 'stack');
    });
    await viewport.evaluate((stack, factor) => stack?.setZoom(factor), zoom);
    const { x, y } = await this.pointOf(voxel);
    await viewport.evaluate(
      (stack, at) => {
        if (!stack) return;
        const { left, top, width, height } = stack.element.getBoundingClientRect();
        const [panX, panY] = stack.getPan();
        stack.setPan([panX + left + width / 2 - at.x, panY + top + height / 2 - at.y]);
        stack.render();
      },
      { x, y },
    );
  }

  /** Shows a slice in the axial viewport. @returns where one of its voxels is on the page */
  pointOf(voxel: VoxelOnScreen): Promise<{ x: number; y: number }> {
    return voxelOnPage(this.page, null, voxel);
  }

  /** Chooses each vessel by its key, clicks its calcifications, and expects their true scores in the table. */
  async expectTrueScores({ vessels, total }: Truth): Promise<void> {
    for (const [index, { name, lesions, agatston, volumeMm3, calcifications }] of vessels.entries()) {
      await this.page.keyboard.press(String(index + 1));
      await expect(this.panel.getByTestId(`calcium-vessel-${name}`)).toHaveAttribute('aria-checked', 'true');
      for (const { seedVoxel } of calcifications) await this.clickVoxel(seedVoxel);
      const score = await this.score(name);
      expect(score.lesions).toBe(lesions);
      expect(score.agatston).toBeCloseTo(agatston, 6);
      expect(score.volumeMm3).toBeCloseTo(volumeMm3, 6);
    }
    expect((await this.score('total')).agatston).toBeCloseTo(total.agatston, 6);
  }

  /** A row of the score table, unrounded. */
  async score(vessel: 'LM' | 'LAD' | 'LCX' | 'RCA' | 'total') {
    const cells = this.panel.locator(`[data-testid=calcium-table] tr[data-vessel=${vessel}] td`);
    const [lesions, agatston, volumeMm3] = await cells.evaluateAll(all =>
      all.map(cell => Number((cell as HTMLElement).dataset.value ?? cell.textContent)),
    );
    return { lesions, agatston, volumeMm3 };
  }

  /** Pixels of the screen that are tinted over the axial viewport. */
  async tintedPixels(): Promise<number> {
    return this.page.locator('.voxelwise-slice-overlay').evaluate(canvas => {
      const { width, height } = canvas as HTMLCanvasElement;
      const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      let count = 0;
      for (let i = 3; i < pixels.length; i += 4) if ((pixels[i] ?? 0) > 0) count++;
      return count;
    });
  }

  /** A number that changes with any pixel of the tint over the axial viewport. */
  async tintHash(): Promise<string> {
    return this.page.locator('.voxelwise-slice-overlay').evaluate(canvas => {
      const { width, height } = canvas as HTMLCanvasElement;
      const pixels = (canvas as HTMLCanvasElement).getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
      let hash = 0x811c9dc5;
      for (const value of pixels) hash = Math.imul(hash ^ value, 0x01000193);
      return (hash >>> 0).toString(16);
    });
  }

  get threshold(): Locator {
    return this.panel.getByTestId('calcium-threshold');
  }

  get total(): Locator {
    return this.panel.getByTestId('calcium-total');
  }

  /** Errors that the page threw and nobody caught. */
  uncaughtErrors(): readonly string[] {
    return this.#errors;
  }
}
