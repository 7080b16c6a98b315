/** `npm run test:e2e`: finds or gets a browser, builds the plug-ins, and runs the browser tests. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ensureChromium } from './support/chromium.ts';

const root = path.join(import.meta.dirname, '..');

/** Runs a Node program in the repository; ends this one with its exit code when it fails. */
function run(program: string, programArguments: string[] = []): void {
  const environment = {
    ...process.env,
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --conditions=voxelwise-source`.trim(),
  };
  const { status } = spawnSync(process.execPath, [program, ...programArguments], {
    cwd: root,
    stdio: 'inherit',
    env: environment,
  });
  if (status !== 0) process.exit(status ?? 1);
}

try {
  ensureChromium();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
run('scripts/build-plugins.mjs');
run('scripts/build-pages.mjs');
run('node_modules/@playwright/test/cli.js', ['test', '--config', 'e2e/playwright.config.ts', ...process.argv.slice(2)]);
