import { addStylesheet, bindHost, type Extension, type Host, island } from '@voxelwise/host';

/** Equals the npm package name. */
export const EXTENSION_ID = '@voxelwise/records';
export const PANEL_ID = `${EXTENSION_ID}.panelModule.records`;

type Ui = typeof import('./ui.tsx');

let host: Host | undefined;
let ui: Ui | undefined;

/** The records of a study: a panel, and the delivery of what waits in this browser. Both are loaded when the extension registers. */
export const extension: Extension = {
  id: EXTENSION_ID,
  async preRegistration(parameters) {
    host = bindHost(parameters);
    ui = await import('./ui.tsx');
    addStylesheet('voxelwise-records', ui.CSS);
    ui.startRecords(host);
  },
  getPanelModule: () => [
    {
      name: 'records',
      iconName: 'tab-patient-info',
      iconLabel: 'Records',
      label: 'Records',
      component: island(element => {
        if (!ui || !host) throw new Error('The records panel was mounted before its extension was registered.');
        return ui.mountPanel(element, host);
      }),
    },
  ],
};
