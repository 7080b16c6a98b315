import express, { type Router } from 'express';
import { HttpProblem } from '../problem.ts';
import type { Archive } from './archive.ts';
import { queryHandler } from './qido.ts';
import { storeHandler } from './stow.ts';
import { bulkDataHandler, framesHandler, metadataHandler, retrieveHandler } from './wado.ts';
import { wadoUriHandler } from './wado-uri.ts';

const STUDY = '/studies/:study';
const SERIES = `${STUDY}/series/:series`;
const INSTANCE = `${SERIES}/instances/:instance`;

/** DICOMweb over the archive (PS3.18): QIDO-RS, WADO-RS and STOW-RS, as far as a viewer needs them. */
export function dicomWebRoutes(archive: Archive): Router {
  const router = express.Router();

  router.get('/studies', queryHandler(archive, 'study'));
  router.get(['/series', `${STUDY}/series`], queryHandler(archive, 'series'));
  router.get(['/instances', `${STUDY}/instances`, `${SERIES}/instances`], queryHandler(archive, 'instance'));

  router.get([`${STUDY}/metadata`, `${SERIES}/metadata`, `${INSTANCE}/metadata`], metadataHandler(archive));
  router.get([STUDY, SERIES, INSTANCE], retrieveHandler(archive));
  router.get(`${INSTANCE}/frames/:frames`, framesHandler(archive));
  router.get(`${INSTANCE}/bulkdata/*location`, bulkDataHandler(archive));

  router.post(['/studies', STUDY], storeHandler(archive));

  router.get(['/studies/*rest', '/series/*rest', '/instances/*rest'], request => {
    const rendered = /\/(rendered|thumbnail)$/.test(request.path);
    throw rendered
      ? new HttpProblem(406, 'The sample archive does not render images: ask for frames and render them in the viewer.')
      : new HttpProblem(404, 'The sample archive has no such resource.');
  });
  router.use(() => {
    throw new HttpProblem(405, 'The sample archive answers GET, and POST to /studies. It changes and deletes nothing.');
  });
  return router;
}

/** WADO-URI (`/wado?requestType=WADO&...`), for clients that fetch whole objects that way. */
export function wadoUriRoutes(archive: Archive): Router {
  const router = express.Router();
  router.get('/', wadoUriHandler(archive));
  return router;
}
