export interface AppConfigOptions {
  /** Modes, as URLs that the browser imports. */
  modes?: string[];
  /** What the work list calls the archive. */
  archiveName?: string;
  /** DICOMweb root and WADO-URI root, as the browser reaches them. */
  dicomWebRoot?: string;
  wadoUriRoot?: string;
  /** The OHIF that is served, for the provenance of results: no release says its version to extensions. */
  ohifVersion?: string;
}

/**
 * The text of `app-config.js` for a prebuilt OHIF 3.11 to 3.13, with the *safe loader*: a plug-in that is missing or
 * broken is skipped, and OHIF starts without it. It names no server but the one that OHIF itself comes from. A hospital
 * keeps its own data source, and copies the list of modes and `window.config`.
 */
export function renderAppConfig(options: AppConfigOptions = {}): string {
  const modes = options.modes ?? ['/plugins/calcium.js', '/plugins/perfusion.js'];
  const configuration = {
    name: 'voxelwise',
    routerBasename: '/',
    extensions: [],
    customizationService: {},
    showStudyList: true,
    maxNumberOfWebWorkers: 3,
    showWarningMessageForCrossOrigin: true,
    showCPUFallbackMessage: true,
    showLoadingIndicator: true,
    strictZSpacingForVolumeViewport: true,
    groupEnabledModesFirst: true,
    maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 25 },
    investigationalUseDialog: { option: 'never' },
    ...(options.ohifVersion && { '@voxelwise/host': { ohifVersion: options.ohifVersion } }),
    defaultDataSourceName: 'dicomweb',
    dataSources: [
      {
        namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
        sourceName: 'dicomweb',
        configuration: {
          friendlyName: options.archiveName ?? 'Sample archive',
          name: 'dicomweb',
          wadoUriRoot: options.wadoUriRoot ?? '/wado',
          qidoRoot: options.dicomWebRoot ?? '/dicom-web',
          wadoRoot: options.dicomWebRoot ?? '/dicom-web',
          qidoSupportsIncludeField: false,
          supportsReject: false,
          imageRendering: 'wadors',
          thumbnailRendering: 'wadors',
          enableStudyLazyLoad: true,
          supportsFuzzyMatching: false,
          supportsWildcard: true,
          dicomUploadEnabled: true,
          omitQuotationForMultipartRequest: true,
          bulkDataURI: { enabled: true },
        },
      },
    ],
  };
  return `// OHIF configuration with the Voxelwise modes and their safe loader (OHIF 3.11 to 3.13).

// The modes. Each brings its own extension along. Serve them from the same origin as OHIF, under /plugins/.
const voxelwiseModes = ${JSON.stringify(modes)};

// Everything below is ordinary OHIF configuration: replace the data source by your own.
const configuration = ${JSON.stringify(configuration, null, 2)};

// OHIF calls this function while it starts. A mode that cannot be loaded or set up is reported on the console and left
// out; without this, one missing or broken file would leave OHIF with a black page.
const leaveOut = (url, error) => {
  console.error('Voxelwise: ' + url + ' was not loaded, OHIF starts without it.', error);
  return null;
};
const loadMode = async url => {
  const mode = (await import(url)).default;
  if (!mode || !mode.id) throw new Error('it has no default export with an id');
  if (!mode.modeFactory) return mode;
  const modeFactory = async host => {
    try {
      return await mode.modeFactory(host);
    } catch (error) {
      return leaveOut(url, error);
    }
  };
  return { ...mode, modeFactory };
};
window.config = async () => {
  const loaded = await Promise.all(voxelwiseModes.map(url => loadMode(url).catch(error => leaveOut(url, error))));
  return { ...configuration, modes: loaded.filter(mode => mode !== null) };
};
`;
}
