export { type AppConfigOptions, renderAppConfig } from './app-config.ts';
export { type DataServiceProcess, startDataService } from './data-service.ts';
export { servePages } from './pages.ts';
export { startViewer, type Viewer, type ViewerOptions } from './start.ts';
export { DEFAULT_OHIF_VERSION, OHIF_RELEASES, stockOhif } from './stock-ohif.ts';
export { UserError } from './user-error.ts';
