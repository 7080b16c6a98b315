import { learnHostElement } from './island.ts';
import type { Cornerstone, DataSource, ExtensionParameters, ServicesManager, Tools } from './ohif.ts';

/** The running viewer: its services and its one copy of Cornerstone. */
export interface Host {
  readonly services: ServicesManager['services'];
  readonly cornerstone: Cornerstone;
  readonly tools: Tools;
  readonly appConfig: Readonly<Record<string, unknown>>;
  /** The source that the study on screen came from. */
  dataSource(): DataSource;
  /** What an extension registered under this id: '<extension>.<module type>.<name>'; undefined where there is none. */
  moduleEntry(id: string): unknown;
}

interface CornerstoneUtilities {
  readonly exports: { getCornerstoneLibraries(): { cornerstone: Cornerstone; cornerstoneTools: Tools } };
}

interface ViewportModule {
  component?(props: object): { readonly $$typeof?: symbol } | null;
}

/**
 * Binds to the viewer that registers an extension. To be called in preRegistration: earlier, while plug-in modules are
 * evaluated, the host's Cornerstone may not exist yet.
 * @throws Error when the host has no Cornerstone extension, with what to do.
 */
export function bindHost({ servicesManager, extensionManager, appConfig }: ExtensionParameters): Host {
  const utilities = extensionManager.getModuleEntry('@ohif/extension-cornerstone.utilityModule.common') as
    | CornerstoneUtilities
    | undefined;
  if (!utilities) {
    throw new Error('Voxelwise needs OHIF 3.11 or newer with @ohif/extension-cornerstone, which this viewer lacks.');
  }
  const { cornerstone, cornerstoneTools } = utilities.exports.getCornerstoneLibraries();
  const viewport = extensionManager.getModuleEntry('@ohif/extension-cornerstone.viewportModule.cornerstone') as
    | ViewportModule
    | undefined;
  learnHostElement(viewport?.component?.({}));
  return {
    services: servicesManager.services,
    cornerstone,
    tools: cornerstoneTools,
    appConfig,
    dataSource() {
      const [source] = extensionManager.getActiveDataSource();
      if (!source) throw new Error('The viewer has no active data source.');
      return source;
    },
    moduleEntry: id => extensionManager.getModuleEntry(id),
  };
}
