/**
 * A small host that was built with the packages, as an OHIF is that a hospital builds itself: it bundles Cornerstone and
 * React, registers the extensions, sets up the mode and mounts the panels with its own React. What came of it is left on
 * `window.host` for the test.
 */
// biome-ignore lint/style/noRestrictedImports: this file plays OHIF, which has Cornerstone as a dependency
import * as cornerstone from '@cornerstonejs/core';
// biome-ignore lint/style/noRestrictedImports: as above
import * as cornerstoneTools from '@cornerstonejs/tools';
import type { Extension, ExtensionParameters, Mode } from '@voxelwise/host';
import { type ComponentType, createElement, useRef } from 'react';
import { createRoot } from 'react-dom/client';
import { extensions, loadModule, modes } from './plugin-imports.ts';

export interface HostReport {
  readonly extensionIds: readonly string[];
  readonly modes: readonly {
    readonly id: string;
    /** Keys of the mode's `extensions`, by which OHIF finds them. */
    readonly extensions: readonly string[];
    readonly panels: readonly string[];
  }[];
  readonly panelIds: readonly string[];
  /** How often the packages asked for the bundled Cornerstone. */
  readonly librariesGiven: number;
}

declare global {
  interface Window {
    host?: { readonly report: HostReport; unmount(): void };
  }
}

/** Uses a hook, so that a second copy of React would show. */
function Viewport() {
  useRef(null);
  return createElement('div');
}

let librariesGiven = 0;
const moduleEntries: Readonly<Record<string, unknown>> = {
  '@ohif/extension-cornerstone.utilityModule.common': {
    exports: {
      getCornerstoneLibraries() {
        librariesGiven++;
        return { cornerstone, cornerstoneTools };
      },
    },
  },
  '@ohif/extension-cornerstone.viewportModule.cornerstone': { component: () => createElement(Viewport) },
};

const noSubscription = { unsubscribe() {} };
const pubSub = { EVENTS: {}, subscribe: () => noSubscription };
const parameters: ExtensionParameters = {
  servicesManager: {
    services: {
      displaySetService: {
        EVENTS: { DISPLAY_SETS_ADDED: 'added', DISPLAY_SETS_CHANGED: 'changed' },
        subscribe: () => noSubscription,
        getActiveDisplaySets: () => [],
        addDisplaySets: () => undefined,
      },
      viewportGridService: {
        ...pubSub,
        getState: () => ({ activeViewportId: null, viewports: new Map() }),
        setDisplaySetsForViewports() {},
      },
      hangingProtocolService: { ...pubSub, addCustomAttribute() {} },
      uiNotificationService: { show() {} },
      toolbarService: {},
      panelService: { ...pubSub, activatePanel() {} },
    },
  },
  extensionManager: {
    getModuleEntry: id => moduleEntries[id],
    getActiveDataSource: () => [{ getImageIdsForDisplaySet: () => [] }],
  },
  commandsManager: { runCommand() {} },
  // There is no service beside this page, and its server would answer 404.
  appConfig: { '@voxelwise/records': { dataService: false } },
};

/** The least that can be derived from. */
const longitudinalMode = {
  id: '@ohif/mode-longitudinal',
  extensions: { '@ohif/extension-default': '^3.0.0', '@ohif/extension-cornerstone': '^3.0.0' },
  routes: [
    {
      path: 'longitudinal',
      layoutTemplate: () => ({ id: 'viewerLayout', props: { leftPanels: [], rightPanels: ['stock.panel'] } }),
    },
  ],
  onModeEnter() {},
};

async function start(): Promise<void> {
  await cornerstone.init();
  await cornerstoneTools.init();

  const loaded: Extension[] = [];
  const panels: { readonly id: string; readonly component: ComponentType }[] = [];
  for (const name of extensions) {
    const extension = (await loadModule(name)) as Extension;
    await extension.preRegistration?.(parameters);
    loaded.push(extension);
    for (const panel of extension.getPanelModule?.(parameters) ?? []) {
      const { name: panelName, component } = panel as { name: string; component: ComponentType };
      panels.push({ id: `${extension.id}.panelModule.${panelName}`, component });
    }
  }

  const ofModes: HostReport['modes'][number][] = [];
  for (const name of modes) {
    const mode = (await loadModule(name)) as Mode;
    const instance = await mode.modeFactory({ loadModules: async () => [{ modeInstance: longitudinalMode }] });
    const layout = await instance.routes[0]?.layoutTemplate({});
    ofModes.push({
      id: instance.id,
      extensions: Object.keys(instance.extensions),
      panels: layout?.props.rightPanels ?? [],
    });
  }

  const root = createRoot(document.getElementById('root')!);
  root.render(panels.map(({ id, component }) => createElement(component, { key: id })));
  window.host = {
    report: {
      extensionIds: loaded.map(({ id }) => id),
      modes: ofModes,
      panelIds: panels.map(({ id }) => id),
      librariesGiven,
    },
    unmount() {
      root.unmount();
      for (const extension of loaded) extension.onModeExit?.(parameters);
    },
  };
}

await start();
