/**
 * The import of plug-ins, in the form that OHIF's build generates from pluginConfig.json (pluginImports.js): names of
 * packages, a dynamic import of each, and their default exports.
 */
import type { Extension, Mode } from '@voxelwise/host';

export const extensions = ['@voxelwise/calcium', '@voxelwise/perfusion', '@voxelwise/records'];
export const modes = ['@voxelwise/mode-calcium', '@voxelwise/mode-perfusion'];

/** Loads an extension or a mode by its package name. */
export async function loadModule(module: string): Promise<Extension | Mode> {
  if (module === '@voxelwise/calcium') {
    const imported = await import('@voxelwise/calcium');
    return imported.default;
  }
  if (module === '@voxelwise/perfusion') {
    const imported = await import('@voxelwise/perfusion');
    return imported.default;
  }
  if (module === '@voxelwise/records') {
    const imported = await import('@voxelwise/records');
    return imported.default;
  }
  if (module === '@voxelwise/mode-calcium') {
    const imported = await import('@voxelwise/mode-calcium');
    return imported.default;
  }
  if (module === '@voxelwise/mode-perfusion') {
    const imported = await import('@voxelwise/mode-perfusion');
    return imported.default;
  }
  throw new Error(`${module} is not among the plug-ins of this host.`);
}
