import { HANGING_PROTOCOL_ID, PANEL_ID } from '@voxelwise/calcium';
import { buildMode, type Mode } from '@voxelwise/host';

/** The calcium mode. @param extension how the host finds the extension: its package name, or its URL */
export function calciumMode(extension: string): Mode {
  return buildMode({
    id: '@voxelwise/mode-calcium',
    routeName: 'voxelwise-calcium',
    displayName: 'Calcium score',
    extension,
    modality: 'CT',
    hangingProtocol: HANGING_PROTOCOL_ID,
    panel: PANEL_ID,
  });
}
