import { expect, type Locator, type Page } from '@playwright/test';
import { type PageCornerstone, type VoxelOnScreen, voxelOnPage } from './voxel-on-page.ts';

/** Ids of the views of the mode. */
export const SOURCE = 'voxelwise-perfusion-source';
export const MAPS = [1, 2, 3, 4].map(place => `voxelwise-perfusion-map-${place}`);

/** The perfusion mode as a reader uses it. */
export class PerfusionPage {
  readonly page: Page;
  readonly panel: Locator;
  readonly #errors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    this.panel = page.locator('.vw-perfusion');
    page.on('pageerror', error => this.#errors.push(error.message));
  }

  /** Opens a study in the mode and waits until its maps are there. @param query more of the address: '&producer=wasm' */
  async open(url: string, studyUid: string, query = ''): Promise<void> {
    await this.page.goto(`${url}/voxelwise-perfusion?StudyInstanceUIDs=${studyUid}${query}`);
    await this.ready();
  }

  /** Waits until the maps are there, and closes the viewer's tour, which covers the page on a first visit. */
  async ready(): Promise<void> {
    await this.settled(120_000);
    const tour = this.page.getByText('Skip all');
    await tour
      .first()
      .click({ timeout: 3_000 })
      .catch(() => undefined);
  }

  /** Waits until nothing is being computed, and the maps are those of the decisions. */
  async settled(timeout = 60_000): Promise<void> {
    await expect(this.panel.and(this.page.locator('[data-settled=true]'))).toBeVisible({ timeout });
  }

  /** A number of the panel as it is, unrounded; NaN where there is none. */
  async value(testId: string): Promise<number> {
    const text = await this.panel.getByTestId(testId).getAttribute('data-value');
    return text ? Number(text) : Number.NaN;
  }

  /** Opens a section of the panel that is folded away. */
  async unfold(testId: string): Promise<void> {
    const section = this.panel.getByTestId(testId);
    if (!(await section.evaluate((element: HTMLDetailsElement) => element.open))) {
      await section.locator('summary').first().click();
    }
  }

  /** Clicks on a voxel in a view. Slices count from 0 by ascending z. */
  async clickVoxel(viewportId: string, voxel: VoxelOnScreen): Promise<void> {
    const { x, y } = await this.pointOf(viewportId, voxel);
    await this.page.mouse.click(x, y);
  }

  /** Drags the primary button from one place [column, row] of a slice to another. */
  async drag(viewportId: string, slice: number, ...path: (readonly [number, number])[]): Promise<void> {
    for (const [index, [column, row]] of path.entries()) {
      const { x, y } = await this.pointOf(viewportId, [column, row, slice]);
      await this.page.mouse.move(x, y, { steps: index === 0 ? 1 : 6 });
      if (index === 0) await this.page.mouse.down();
    }
    await this.page.mouse.up();
  }

  /** Shows a slice in a view. @returns where one of its voxels is on the page */
  pointOf(viewportId: string, voxel: VoxelOnScreen): Promise<{ x: number; y: number }> {
    return voxelOnPage(this.page, viewportId, voxel);
  }

  /** Color of the picture over a view at a voxel, as CSS hex, once it stays: views follow each other to another slice. */
  async colorAt(viewportId: string, voxel: VoxelOnScreen): Promise<string> {
    const point = await this.pointOf(viewportId, voxel);
    for (let last = ''; ; ) {
      await this.page.evaluate(() => new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      await this.page.waitForTimeout(200);
      const color = await this.#shownColorAt(viewportId, point);
      if (color === last) return color;
      last = color;
    }
  }

  async #shownColorAt(viewportId: string, point: { readonly x: number; readonly y: number }): Promise<string> {
    return this.page.evaluate(
      ([id, x, y]) => {
        const { cornerstone } = window as unknown as { cornerstone: PageCornerstone };
        const viewports = cornerstone.getRenderingEngines().flatMap(engine => engine.getViewports());
        const element = viewports.find(one => one.id === id)?.element;
        const canvas = element?.querySelector<HTMLCanvasElement>('.voxelwise-slice-overlay');
        if (!element || !canvas) throw new Error('Nothing is drawn over the view.');
        const { left, top } = element.getBoundingClientRect();
        const scale = window.devicePixelRatio;
        const pixel = canvas.getContext('2d')?.getImageData((x - left) * scale, (y - top) * scale, 1, 1).data ?? [];
        return `#${[...pixel]
          .slice(0, 3)
          .map(byte => byte.toString(16).padStart(2, '0'))
          .join('')}`;
      },
      [viewportId, point.x, point.y] as const,
    );
  }

  /** Indices of the slices that the five views show, in the order of their stacks. */
  async shownSlices(): Promise<number[]> {
    return this.page.evaluate(
      ids => {
        const { cornerstone } = window as unknown as { cornerstone: PageCornerstone };
        const viewports = cornerstone.getRenderingEngines().flatMap(engine => engine.getViewports());
        return ids.map(id => viewports.find(one => one.id === id)?.getCurrentImageIdIndex() ?? -1);
      },
      [SOURCE, ...MAPS],
    );
  }

  /** Waits until everything that was confirmed has arrived at the data service. */
  async synced(): Promise<void> {
    const status = this.page.getByTestId('records-status').locator('summary');
    await expect(status).toHaveText('Records: synced', { timeout: 60_000 });
  }

  /** Errors that the page threw and nobody caught. */
  uncaughtErrors(): readonly string[] {
    return this.#errors;
  }
}
