import { EXTENSION_ID, HANGING_PROTOCOL_ID, PANEL_ID } from '@voxelwise/calcium';
import { buildMode, type Mode, type ModeExtension } from '@voxelwise/host';
import { EXTENSION_ID as RECORDS_ID, PANEL_ID as RECORDS_PANEL_ID } from '@voxelwise/records';

/** The packages of the extensions that the mode needs. */
export const EXTENSIONS = [EXTENSION_ID, RECORDS_ID] as const;

/** The calcium mode. @param extensions how the host finds those of EXTENSIONS */
export function calciumMode(extensions: readonly ModeExtension[]): Mode {
  return buildMode({
    id: '@voxelwise/mode-calcium',
    routeName: 'voxelwise-calcium',
    displayName: 'Calcium score',
    extensions,
    modalities: ['CT'],
    hangingProtocol: HANGING_PROTOCOL_ID,
    panels: [PANEL_ID, RECORDS_PANEL_ID],
  });
}
