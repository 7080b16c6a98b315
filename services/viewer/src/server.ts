import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Archive } from './archive/archive.ts';
import { MalformedDicomError, NotDicomError } from './archive/part10.ts';
import { dicomWebRoutes, wadoUriRoutes } from './archive/routes.ts';
import { dataServiceProxy, noDataService } from './data-service-proxy.ts';
import { ohifFiles, pluginFiles } from './ohif-files.ts';
import { type OrthancTarget, orthancProxy } from './orthanc-proxy.ts';
import { pageFiles } from './pages.ts';
import { HttpProblem, sendProblem } from './problem.ts';
import { type GuardOptions, sameOriginGuard } from './same-origin.ts';
import { errorCode } from './user-error.ts';

export interface ServerOptions extends GuardOptions {
  /** Text of app-config.js. */
  appConfig: string;
  /** Stock OHIF: the `dist` folder of `@ohif/app`. */
  ohifFolder: string;
  ohifVersion: string;
  pluginsFolder: string;
  /** The benchmark and the engine's example. */
  pagesFolder?: string;
  /** The data service, which is passed on under /api; null where there is none. */
  dataServiceUrl?: string | null;
  /** Where DICOMweb comes from. */
  source: { archive: Archive } | { orthanc: OrthancTarget };
}

/** Everything that the viewer serves, on one origin. */
export function createServer(options: ServerOptions): Express {
  const app = express();
  app.disable('x-powered-by');

  app.use(sameOriginGuard(options));
  app.use(safetyHeaders);

  app.get('/healthz', health(options));
  app.get('/app-config.js', (_request, response) => {
    response.type('text/javascript').set('Cache-Control', 'no-store').send(options.appConfig);
  });
  app.use('/plugins', pluginFiles(options.pluginsFolder));

  if ('orthanc' in options.source) {
    const proxy = orthancProxy(options.source.orthanc);
    app.use('/dicom-web', proxy);
    app.use('/wado', proxy);
  } else {
    app.use(['/dicom-web', '/wado'], noStore);
    app.use('/dicom-web', dicomWebRoutes(options.source.archive));
    app.use('/wado', wadoUriRoutes(options.source.archive));
  }

  app.use('/api', options.dataServiceUrl ? dataServiceProxy(options.dataServiceUrl) : noDataService);

  if (options.pagesFolder) app.use(pageFiles(options.pagesFolder));
  app.use(ohifFiles(options.ohifFolder));
  app.use(reportProblems);
  return app;
}

const safetyHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Content-Security-Policy': "frame-ancestors 'self'",
    'Referrer-Policy': 'same-origin',
  });
  next();
};

const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

function health({ source, ohifVersion }: ServerOptions): RequestHandler {
  return (_request, response) => {
    const archive =
      'archive' in source ? { studies: source.archive.studies.size, instances: source.archive.instanceCount } : {};
    const dicomWeb = 'archive' in source ? 'sample archive' : 'orthanc';
    response.set('Cache-Control', 'no-store').json({ status: 'ok', ohif: ohifVersion, dicomWeb, ...archive });
  };
}

const reportProblems: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  if (error instanceof HttpProblem) {
    sendProblem(response, error.status, error.message);
    return;
  }
  // Express and its middleware carry a status for what the client did wrong, such as a malformed % in a path.
  const status = Number((error as { status?: unknown }).status);
  if (status >= 400 && status < 500) {
    sendProblem(response, status, 'The request could not be understood.');
    return;
  }
  if (error instanceof MalformedDicomError || error instanceof NotDicomError) {
    sendProblem(response, 500, `The object cannot be served: ${error.message}.`);
    return;
  }
  console.error(error);
  const code = errorCode(error); // the message of a system error names folders of this machine
  sendProblem(response, 500, code ? `A file cannot be read or written (${code}).` : 'Something went wrong.');
};
