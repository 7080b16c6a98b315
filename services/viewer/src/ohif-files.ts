import { readFileSync } from 'node:fs';
import path from 'node:path';
import express, { type RequestHandler, type Router } from 'express';
import { HttpProblem } from './problem.ts';

const HASHED_NAME = /[.\\/][0-9a-f]{16,}\.(bundle\.)?(js|wasm|woff2|css)$/;
const ONE_YEAR = 'public, max-age=31536000, immutable';

/** The plug-ins, always fresh. What is missing is a 404: OHIF would take a page for a broken module. */
export function pluginFiles(folder: string): Router {
  const router = express.Router();
  router.use(
    express.static(folder, {
      index: false,
      redirect: false,
      setHeaders: response => response.setHeader('Cache-Control', 'no-cache'),
    }),
  );
  router.use(request => {
    throw new HttpProblem(404, `There is no plug-in file ${request.path}. Build the plug-ins with npm run build.`);
  });
  return router;
}

/** The stock OHIF, unchanged. Pages of the application (/viewer?..., /calcium?...) are all its index.html. */
export function ohifFiles(folder: string): Router {
  const router = express.Router();
  router.use(
    express.static(folder, {
      index: false,
      redirect: false,
      setHeaders: (response, file) => {
        response.setHeader('Cache-Control', HASHED_NAME.test(file) ? ONE_YEAR : 'no-cache');
      },
    }),
  );
  router.get('/{*page}', indexPage(path.join(folder, 'index.html')));
  router.use(() => {
    throw new HttpProblem(404, 'There is nothing here.');
  });
  return router;
}

/** Only a navigation gets the page. A missing file, which has an extension, stays missing. */
function indexPage(file: string): RequestHandler {
  const page = readFileSync(file);
  return (request, response, next) => {
    const mode = request.headers['sec-fetch-mode'] ?? 'navigate'; // browsers say what they are doing
    const navigates = mode === 'navigate' && request.accepts('html');
    const isFile = /\.[^/]+$|%2f|%5c/i.test(request.path);
    if (request.path !== '/' && (isFile || !navigates)) return next();
    response.type('html').set('Cache-Control', 'no-store').send(page);
  };
}
