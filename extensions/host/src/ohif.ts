/**
 * The part of OHIF that Voxelwise uses, as types. OHIF 3.11 to 3.14 publishes none, and a prebuilt OHIF does not expose
 * @ohif/core to plug-ins, so this file is the one place that writes down what the host hands over.
 */
import type * as CornerstoneCore from '@cornerstonejs/core';
import type * as CornerstoneTools from '@cornerstonejs/tools';

export type Cornerstone = typeof CornerstoneCore;
export type Tools = typeof CornerstoneTools;

export interface Subscription {
  unsubscribe(): void;
}

interface PubSub {
  readonly EVENTS: Readonly<Record<string, string>>;
  subscribe(event: string, callback: (data: unknown) => void): Subscription;
}

/** One DICOM instance in OHIF's naturalized form: keywords to values. */
export type Instance = Readonly<Record<string, unknown>>;

/** A series, or a part of one, as OHIF groups it. */
export interface DisplaySet {
  readonly displaySetInstanceUID: string;
  readonly StudyInstanceUID: string;
  readonly SeriesInstanceUID: string;
  readonly SeriesDescription?: string;
  readonly SeriesNumber?: number | string;
  readonly Modality: string;
  readonly isReconstructable?: boolean;
  readonly numImageFrames?: number;
  readonly instances?: readonly Instance[];
  readonly images?: readonly Instance[];
  readonly imageIds?: readonly string[];
  /** Module entry that made it of its instances. */
  readonly SOPClassHandlerId?: string;
  /** Not of the archive: made in this browser. */
  readonly madeInClient?: boolean;
}

/** A display set before the viewer knows it, as the host's own handlers make it. */
export interface NewDisplaySet extends DisplaySet {
  setAttributes(attributes: Readonly<Record<string, unknown>>): void;
}

export interface DisplaySetService extends PubSub {
  getActiveDisplaySets(): DisplaySet[];
  /** Adds display sets that were made outside; everything that lists or hangs series learns of them. */
  addDisplaySets(...displaySets: readonly DisplaySet[]): unknown;
}

export interface ViewportGridService extends PubSub {
  getState(): {
    readonly activeViewportId: string | null;
    readonly viewports: ReadonlyMap<
      string,
      { readonly displaySetInstanceUIDs?: readonly string[]; readonly viewportOptions?: object }
    >;
  };
  setDisplaySetsForViewports(
    viewports: readonly {
      viewportId: string;
      displaySetInstanceUIDs: readonly string[];
      viewportOptions?: object;
      displaySetOptions?: readonly object[];
    }[],
  ): void;
}

export interface HangingProtocolService extends PubSub {
  /** Lets rules of hanging protocols ask for something that is not an attribute of the display set itself. */
  addCustomAttribute(id: string, name: string, read: (displaySet: DisplaySet) => unknown): void;
}

export interface NotificationService {
  show(notification: {
    title: string;
    message: string;
    type: 'success' | 'info' | 'warning' | 'error';
    duration?: number;
  }): unknown;
}

export interface ToolbarService {
  readonly sections?: Readonly<Record<string, string>>;
}

export interface PanelService extends PubSub {
  activatePanel(panelId: string, forceActive?: boolean): void;
}

export interface ServicesManager {
  readonly services: {
    readonly displaySetService: DisplaySetService;
    readonly hangingProtocolService: HangingProtocolService;
    readonly viewportGridService: ViewportGridService;
    readonly uiNotificationService: NotificationService;
    readonly toolbarService: ToolbarService;
    readonly panelService: PanelService;
  };
}

/** The DICOMweb (or other) source that the study came from. */
export interface DataSource {
  /** Image ids of its images, every frame of each in turn. */
  getImageIdsForDisplaySet(displaySet: Pick<DisplaySet, 'StudyInstanceUID' | 'SeriesInstanceUID' | 'images'>): string[];
}

export interface ExtensionManager {
  getModuleEntry(id: string): unknown;
  getActiveDataSource(): readonly DataSource[];
}

export interface CommandsManager {
  runCommand(name: string, options?: object, context?: string): unknown;
}

/** What OHIF passes to preRegistration and to every getXModule of an extension. */
export interface ExtensionParameters {
  readonly servicesManager: ServicesManager;
  readonly extensionManager: ExtensionManager;
  readonly commandsManager: CommandsManager;
  readonly appConfig: Readonly<Record<string, unknown>>;
  readonly configuration?: unknown;
}

/** What OHIF loads as an extension. Only the modules that Voxelwise uses. */
export interface Extension {
  readonly id: string;
  preRegistration?(parameters: ExtensionParameters): Promise<void> | void;
  onModeExit?(parameters: ExtensionParameters): void;
  getPanelModule?(parameters: ExtensionParameters): readonly object[];
  getHangingProtocolModule?(parameters: ExtensionParameters): readonly object[];
  getCommandsModule?(parameters: ExtensionParameters): object;
}

/** A side panel layout, as the stock viewer layout template takes it. */
export interface LayoutProps {
  readonly leftPanels?: readonly string[];
  readonly rightPanels?: readonly string[];
  readonly [name: string]: unknown;
}

export interface Layout {
  readonly id: string;
  readonly props: LayoutProps;
}

export interface ModeRoute {
  readonly path: string;
  layoutTemplate(this: ModeRoute, parameters: unknown): Layout | Promise<Layout>;
  readonly [name: string]: unknown;
}

/** What a mode factory gives OHIF. */
export interface ModeInstance {
  readonly id: string;
  readonly routes: readonly ModeRoute[];
  readonly extensions: Readonly<Record<string, string>>;
  onModeEnter(this: unknown, parameters: ExtensionParameters): void;
  readonly [name: string]: unknown;
}

export interface ModeFactoryParameters {
  readonly modeConfiguration?: object;
  loadModules(ids: readonly string[]): Promise<readonly StockMode[]>;
}

/** The longitudinal mode: 3.13 has an instance, earlier releases only a factory. */
export interface StockMode {
  readonly modeInstance?: ModeInstance;
  modeFactory?(parameters: object): ModeInstance | Promise<ModeInstance>;
}

/** What OHIF loads as a mode. */
export interface Mode {
  readonly id: string;
  readonly extensionDependencies: Readonly<Record<string, string>>;
  modeFactory(parameters: ModeFactoryParameters): Promise<ModeInstance>;
}
