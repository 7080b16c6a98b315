import { addStylesheet, addVolumePreset, bindHost, type Extension, type Host, island } from '@voxelwise/host';
import { calciumVolumeStyle, hangingProtocol, LIKELIHOOD_ATTRIBUTE, VOLUME_PRESET } from './hanging-protocol.ts';
import { calciumLikelihood } from './session/calcium-likelihood.ts';

/** Equals the npm package name. */
export const EXTENSION_ID = '@voxelwise/calcium';
export const PANEL_ID = `${EXTENSION_ID}.panelModule.calcium`;
export { HANGING_PROTOCOL_ID } from './hanging-protocol.ts';

type Ui = typeof import('./ui.tsx');

let host: Host | undefined;
let ui: Ui | undefined;

/** Coronary calcium scoring: a panel and a hanging protocol. The interface is loaded when the extension registers. */
const extension: Extension = {
  id: EXTENSION_ID,
  async preRegistration(parameters) {
    host = bindHost(parameters);
    host.services.hangingProtocolService.addCustomAttribute(
      LIKELIHOOD_ATTRIBUTE,
      'Looks like a calcium scan',
      calciumLikelihood,
    );
    addVolumePreset(host, VOLUME_PRESET, calciumVolumeStyle);
    ui = await import('./ui.tsx');
    addStylesheet('voxelwise-calcium', ui.CSS);
  },
  onModeExit() {
    ui?.endSession();
  },
  getPanelModule: () => [
    {
      name: 'calcium',
      iconName: 'tab-roi-threshold',
      iconLabel: 'Calcium',
      label: 'Calcium score',
      component: island(element => {
        if (!ui || !host) throw new Error('The calcium panel was mounted before its extension was registered.');
        return ui.mountPanel(element, host);
      }),
    },
  ],
  getHangingProtocolModule: () => [{ name: hangingProtocol.id, protocol: hangingProtocol }],
};

export default extension;
