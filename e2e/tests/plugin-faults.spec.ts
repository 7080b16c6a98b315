import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { CalciumPage } from '../support/calcium-page.ts';
import { PLUGINS } from '../support/paths.ts';
import { sampleTruth, startTestViewer } from '../support/viewer.ts';

/** The work list shows the sample study, and the stock viewer opens it. */
async function expectOhifWorks(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByText('Phantom, Cardiac').first().click();
  await expect(page.getByText('Basic Viewer').first()).toBeVisible();
}

test('a missing plug-in does not stop OHIF', async ({ page }) => {
  const empty = await mkdtemp(path.join(tmpdir(), 'voxelwise-no-plugins-'));
  const viewer = await startTestViewer({ pluginsFolder: empty });
  const messages: string[] = [];
  page.on('console', message => messages.push(message.text()));
  try {
    await expectOhifWorks(page, viewer.url);
    await expect(page.getByText('Calcium score', { exact: true })).toHaveCount(0);
    expect(messages.join('\n')).toContain('/plugins/calcium.js');
  } finally {
    await viewer.close();
    await rm(empty, { recursive: true });
  }
});

test('a broken plug-in does not stop OHIF', async ({ page }) => {
  const broken = await mkdtemp(path.join(tmpdir(), 'voxelwise-broken-plugins-'));
  await writeFile(path.join(broken, 'calcium.js'), 'export default {{{ this is not JavaScript');
  const viewer = await startTestViewer({ pluginsFolder: broken });
  try {
    await expectOhifWorks(page, viewer.url);
    await expect(page.getByText('Calcium score', { exact: true })).toHaveCount(0);
  } finally {
    await viewer.close();
    await rm(broken, { recursive: true });
  }
});

test('a mode whose extension is missing does not stop OHIF', async ({ page }) => {
  const partial = await mkdtemp(path.join(tmpdir(), 'voxelwise-partial-plugins-'));
  await cp(PLUGINS, partial, { recursive: true });
  await rm(path.join(partial, 'calcium-extension.js'));
  const viewer = await startTestViewer({ pluginsFolder: partial });
  try {
    await expectOhifWorks(page, viewer.url);
    await expect(page.getByText('Calcium score', { exact: true })).toHaveCount(0);
  } finally {
    await viewer.close();
    await rm(partial, { recursive: true });
  }
});

test('the short way, the mode named in app-config.js, works too', async ({ page }) => {
  const appConfig = `window.config = {
    routerBasename: '/', extensions: [], modes: ['/plugins/calcium.js'], customizationService: {},
    showStudyList: true, investigationalUseDialog: { option: 'never' }, defaultDataSourceName: 'archive',
    dataSources: [{
      namespace: '@ohif/extension-default.dataSourcesModule.dicomweb', sourceName: 'archive',
      configuration: {
        friendlyName: 'Archive', name: 'archive', qidoRoot: '/dicom-web', wadoRoot: '/dicom-web',
        wadoUriRoot: '/dicom-web', imageRendering: 'wadors', thumbnailRendering: 'wadors', enableStudyLazyLoad: true,
      },
    }],
  };`;
  const viewer = await startTestViewer({ appConfig });
  try {
    const calcium = new CalciumPage(page);
    await calcium.open(viewer.url, (await sampleTruth()).studyInstanceUid);
    await expect(calcium.panel.getByTestId('calcium-candidate-count')).not.toHaveText('0');
  } finally {
    await viewer.close();
  }
});
