import { addStylesheet, bindHost, type Extension, type Host, island } from '@voxelwise/host';
import { hangingProtocol } from './hanging-protocol.ts';

/** Equals the npm package name. */
export const EXTENSION_ID = '@voxelwise/perfusion';
export const PANEL_ID = `${EXTENSION_ID}.panelModule.perfusion`;
export { HANGING_PROTOCOL_ID } from './hanging-protocol.ts';

type Ui = typeof import('./ui.tsx');

let host: Host | undefined;
let ui: Ui | undefined;

/** Perfusion maps: a panel and a hanging protocol. The interface is loaded when the extension registers. */
const extension: Extension = {
  id: EXTENSION_ID,
  async preRegistration(parameters) {
    host = bindHost(parameters);
    ui = await import('./ui.tsx');
    addStylesheet('voxelwise-perfusion', ui.CSS);
  },
  onModeExit() {
    ui?.endSession();
  },
  getPanelModule: () => [
    {
      name: 'perfusion',
      iconName: 'tab-4d',
      iconLabel: 'Perfusion',
      label: 'Perfusion',
      component: island(element => {
        if (!ui || !host) throw new Error('The perfusion panel was mounted before its extension was registered.');
        return ui.mountPanel(element, host);
      }),
    },
  ],
  getHangingProtocolModule: () => [{ name: hangingProtocol.id, protocol: hangingProtocol }],
};

export default extension;
