import type { Page } from '@playwright/test';
import type * as VoxelwiseHost from '@voxelwise/host';
import { build } from 'esbuild';

declare global {
  /** What @voxelwise/host exports, and the viewer that it is bound to. */
  var voxelwise: typeof VoxelwiseHost & { readonly host: VoxelwiseHost.Host };
}

/** Puts @voxelwise/host into a page with a running viewer, bound to that viewer as an extension would be. */
export async function addHost(page: Page): Promise<void> {
  const { outputFiles } = await build({
    stdin: {
      resolveDir: import.meta.dirname,
      contents: `
        import * as voxelwiseHost from '@voxelwise/host';
        const { services, extensionManager, commandsManager, config } = window;
        const host = voxelwiseHost.bindHost({ servicesManager: { services }, extensionManager, commandsManager, appConfig: config });
        window.voxelwise = { ...voxelwiseHost, host };
      `,
    },
    bundle: true,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    conditions: ['voxelwise-source'],
    write: false,
    logLevel: 'warning',
  });
  await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
}
