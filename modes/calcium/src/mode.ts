import { HANGING_PROTOCOL_ID, PANEL_ID } from '@voxelwise/calcium';
import { buildMode, type Mode } from '@voxelwise/host';

/**
 * The calcium mode.
 * @param extension how the host finds the extension: its package name, or its URL
 * @param loadExtension loads it ahead, where it comes from a URL that may be missing
 */
export function calciumMode(extension: string, loadExtension?: () => Promise<unknown>): Mode {
  return buildMode({
    id: '@voxelwise/mode-calcium',
    routeName: 'voxelwise-calcium',
    displayName: 'Calcium score',
    extension,
    ...(loadExtension && { loadExtension }),
    modality: 'CT',
    hangingProtocol: HANGING_PROTOCOL_ID,
    panel: PANEL_ID,
  });
}
