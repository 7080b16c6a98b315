import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createLocalEngine } from '@voxelwise/compute';
import type { EqualitySuite } from '@voxelwise/compute/testing';
import ts from 'typescript';
import { writeDocumentedKernel } from './documented-kernel.ts';

/** The kernel of docs/adding-a-kernel.md, written as the page shows it. e2e/compute runs it in Chromium as well. */

jest.setTimeout(120_000);

const root = path.join(__dirname, '..');
const house = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'voxelwise-documented-')));
const folder = writeDocumentedKernel(root, path.join(house, 'kernels'));
symlinkSync(path.join(root, 'node_modules'), path.join(house, 'node_modules'));
afterAll(() => rmSync(house, { recursive: true, force: true }));

test('it compiles as strictly as everything else', () => {
  const { config } = ts.readConfigFile(path.join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    {
      compilerOptions: {
        ...config.compilerOptions,
        noEmit: true,
        customConditions: ['voxelwise-source'],
        types: ['jest'],
        typeRoots: [path.join(root, 'node_modules', '@types')],
      },
      include: ['**/*.ts'],
    },
    ts.sys,
    folder,
  );
  expect(fileNames.length).toBeGreaterThan(6);
  const program = ts.createProgram(fileNames, options);
  const own = ts.getPreEmitDiagnostics(program).filter(({ file }) => !file || file.fileName.startsWith(house));
  expect(own.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))).toEqual([]);
});

describe('the test of its twin', () => {
  require(path.join(folder, 'twin.test.ts'));
});

describe('its suite', () => {
  const { equality } = require(path.join(folder, 'equality.test-support.ts')) as { readonly equality: EqualitySuite };

  test('has a kernel with all producers, which can be split', () => {
    expect(equality.kernelName).toBe(`example.${path.basename(folder)}`);
    expect([...equality.producers].sort()).toEqual(['ts', 'wasm', 'webgl2']);
    expect(equality.canSplit).toBe(true);
  });

  test.each(['ts', 'wasm'] as const)('%s equals the twin, takes steps, and can be cancelled', async producer => {
    const { checked, problems } = await equality.check({ producer }, createLocalEngine());
    expect(problems).toEqual([]);
    expect(checked).toBeGreaterThan(40);
    const cancelled = await equality.cancelled(producer);
    expect(cancelled.problems).toEqual([]);
    expect(cancelled.steps).toBeGreaterThan(1);
  });
});
