import { test as base, expect, type Page } from '@playwright/test';
import { type ComputeServer, startComputeServer } from './compute-server.ts';
import type { ComputePage } from './page/page.ts';

declare global {
  var computePage: ComputePage;
}

/** Tests on a page that has loaded the compute sources. None of them may cause a GL error that it does not take itself. */
export const test = base.extend<{ computing: Page; isolated: boolean }, { server: ComputeServer }>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the fixtures that are needed from the pattern
    async ({}, use) => {
      const server = await startComputeServer();
      await use(server);
      await server.close();
    },
    { scope: 'worker' },
  ],
  isolated: [false, { option: true }],
  computing: async ({ page, server, isolated }, use) => {
    const failures: string[] = [];
    page.on('pageerror', error => failures.push(error.message));
    await page.goto(`${server.url}${isolated ? 'isolated' : ''}`);
    await page.waitForFunction(() => 'computePage' in globalThis);
    await use(page);
    expect(await page.evaluate(() => computePage.takeGlErrors())).toEqual([]);
    expect(failures).toEqual([]);
  },
});

export { expect };
