import type { ExtensionParameters, Mode, ModeInstance, ModeRoute } from './ohif.ts';

/** How the host finds an extension that a mode needs. */
export interface ModeExtension {
  /**
   * Its package name when the host was built with it, its URL when the host is prebuilt. OHIF imports the keys of a mode's
   * `extensions` before it checks ids, so a URL works there.
   */
  readonly address: string;
  /**
   * Loads it ahead of OHIF, so that a mode whose extension is missing fails while the work list is set up and is left out by the
   * safe loader, instead of leaving a black page when a study is opened.
   */
  load?(): Promise<unknown>;
}

export interface ModeDescription {
  /** Equals the mode's npm package name. */
  readonly id: string;
  /** Last part of the mode's address. */
  readonly routeName: string;
  /** Name of the button on the work list. */
  readonly displayName: string;
  readonly extensions: readonly ModeExtension[];
  /** A study must have a series of one of these. */
  readonly modalities: readonly string[];
  /** Id of the hanging protocol, provided by the extension. */
  readonly hangingProtocol: string;
  /** Ids of our panels on the right; the first one is open. */
  readonly panels: readonly string[];
}

/** Share of the window that the right panel takes, and what it needs at least. */
const PANEL_SHARE = 0.3;
const PANEL_MINIMUM_PX = 320;
/** Windows narrower than this show the panel alone; the viewports are one tap on its header away. */
const PHONE_PX = 640;

/**
 * A mode derived from the host's own longitudinal mode, whatever the host's version: its functions are wrapped and its
 * fields kept, so tools, toolbar and other panels are the ones that the host's readers know.
 */
export function buildMode(description: ModeDescription): Mode {
  const { id, routeName, displayName, extensions, hangingProtocol, panels } = description;
  return {
    id,
    extensionDependencies: {},
    async modeFactory({ modeConfiguration, loadModules }) {
      await Promise.all(extensions.map(extension => extension.load?.()));
      const [stock] = await loadModules(['@ohif/mode-longitudinal']);
      const base = stock?.modeInstance ?? (await stock?.modeFactory?.({ modeConfiguration: {}, loadModules }));
      const baseRoute = base?.routes[0];
      if (!base || !baseRoute) {
        throw new Error(`${displayName} derives from OHIF's longitudinal mode, which this viewer does not have.`);
      }
      const route: ModeRoute = {
        ...baseRoute,
        path: routeName,
        async layoutTemplate(parameters) {
          const layout = await baseRoute.layoutTemplate.call(baseRoute, parameters);
          return { ...layout, props: { ...layout.props, ...panelLayout(panels, layout.props.rightPanels) } };
        },
      };
      const mode: ModeInstance = {
        ...base,
        id,
        routeName,
        displayName,
        hide: false,
        isValidMode: ({ modalities }: { modalities: string }) => {
          const ofStudy = modalities.replaceAll('/', '\\').split('\\');
          return {
            valid: description.modalities.some(modality => ofStudy.includes(modality)),
            description: `${displayName} needs a ${description.modalities.join(' or ')} series`,
          };
        },
        extensions: {
          ...base.extensions,
          ...Object.fromEntries(extensions.map(({ address }) => [address, '*'])),
        },
        hangingProtocol,
        routes: [route],
        onModeEnter(this: unknown, parameters: ExtensionParameters) {
          base.onModeEnter.call(this, parameters);
        },
        ...modeConfiguration,
      };
      return mode;
    },
  };
}

/** Our panels first on the right and open, about 30 % wide; the study browser is closed, one click away. */
function panelLayout(panels: readonly string[], otherPanels: readonly string[] = []) {
  const { innerWidth } = window;
  const width = innerWidth < PHONE_PX ? innerWidth : Math.max(PANEL_MINIMUM_PX, Math.round(innerWidth * PANEL_SHARE));
  return {
    leftPanelClosed: true,
    rightPanels: [...panels, ...otherPanels],
    rightPanelClosed: false,
    rightPanelResizable: true,
    rightPanelInitialExpandedWidth: width,
    rightPanelMinimumExpandedWidth: Math.min(width, PANEL_MINIMUM_PX),
  };
}
