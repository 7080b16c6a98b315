import { buildMode, type Mode, type ModeExtension } from '@voxelwise/host';
import { EXTENSION_ID, HANGING_PROTOCOL_ID, PANEL_ID } from '@voxelwise/perfusion';
import { EXTENSION_ID as RECORDS_ID, PANEL_ID as RECORDS_PANEL_ID } from '@voxelwise/records';

/** The packages of the extensions that the mode needs. */
export const EXTENSIONS = [EXTENSION_ID, RECORDS_ID] as const;

/** The perfusion mode. @param extensions how the host finds those of EXTENSIONS */
export function perfusionMode(extensions: readonly ModeExtension[]): Mode {
  return buildMode({
    id: '@voxelwise/mode-perfusion',
    routeName: 'voxelwise-perfusion',
    displayName: 'Perfusion',
    extensions,
    modalities: ['CT', 'MR'],
    hangingProtocol: HANGING_PROTOCOL_ID,
    panels: [PANEL_ID, RECORDS_PANEL_ID],
  });
}
