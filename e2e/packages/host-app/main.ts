/**
 * A small host that was built with the packages, as an OHIF is that a hospital builds itself: it bundles Cornerstone and
 * React, registers the extension, sets up the mode and mounts the panel with its own React. What came of it is left on
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
  readonly extensionId: string;
  readonly modeId: string;
  /** Keys of the mode's `extensions`, by which OHIF finds them. */
  readonly modeExtensions: readonly string[];
  readonly modePanels: readonly string[];
  readonly panelId: string;
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
  appConfig: {},
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

  const extension = (await loadModule(extensions[0]!)) as Extension;
  await extension.preRegistration?.(parameters);
  const [panel] = (extension.getPanelModule?.(parameters) ?? []) as { name: string; component: ComponentType }[];
  if (!panel) throw new Error('The extension has no panel.');

  const mode = (await loadModule(modes[0]!)) as Mode;
  const instance = await mode.modeFactory({ loadModules: async () => [{ modeInstance: longitudinalMode }] });
  const [route] = instance.routes;
  const layout = await route?.layoutTemplate({});

  const root = createRoot(document.getElementById('root')!);
  root.render(createElement(panel.component));
  window.host = {
    report: {
      extensionId: extension.id,
      modeId: instance.id,
      modeExtensions: Object.keys(instance.extensions),
      modePanels: layout?.props.rightPanels ?? [],
      panelId: `${extension.id}.panelModule.${panel.name}`,
      librariesGiven,
    },
    unmount() {
      root.unmount();
      extension.onModeExit?.(parameters);
    },
  };
}

await start();
