import { createReadStream } from 'node:fs';
import type { RequestHandler } from 'express';
import { HttpProblem } from '../problem.ts';
import type { Archive } from './archive.ts';
import { sendStream } from './multipart.ts';

/** WADO-URI: one whole object as `application/dicom`. */
export function wadoUriHandler(archive: Archive): RequestHandler {
  return async (request, response) => {
    const { requestType, studyUID, seriesUID, objectUID, contentType } = request.query;
    if (requestType !== 'WADO' || typeof objectUID !== 'string') {
      throw new HttpProblem(400, 'WADO-URI needs requestType=WADO, studyUID, seriesUID and objectUID.');
    }
    const found = archive.locate(objectUID);
    if (!found || (studyUID && found.study.uid !== studyUID) || (seriesUID && found.series.uid !== seriesUID)) {
      throw new HttpProblem(404, 'The sample archive has no such object.');
    }
    if (contentType !== undefined && contentType !== 'application/dicom') {
      throw new HttpProblem(406, 'The sample archive serves whole objects only: contentType=application/dicom.');
    }
    response.type('application/dicom');
    await sendStream(response, createReadStream(found.instance.path));
  };
}
