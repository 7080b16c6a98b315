import type { RequestHandler } from 'express';
import { HttpProblem } from '../problem.ts';
import { accepts } from './accept.ts';
import type { Archive } from './archive.ts';
import type { Level } from './attributes.ts';
import { type QueryScope, query } from './query.ts';
import { serviceUrlOf } from './service-url.ts';

/** QIDO-RS at one level; the study and series of the path narrow it down. */
export function queryHandler(archive: Archive, level: Level): RequestHandler {
  return (request, response) => {
    if (!accepts(request, 'application/dicom+json', 'application/json')) {
      throw new HttpProblem(406, 'Queries are answered as application/dicom+json only.');
    }
    const scope: QueryScope = { level };
    if (typeof request.params.study === 'string') scope.studyUid = request.params.study;
    if (typeof request.params.series === 'string') scope.seriesUid = request.params.series;
    const parameters = new URL(request.originalUrl, 'http://localhost').searchParams;
    const { datasets, warnings } = query(archive, scope, parameters, serviceUrlOf(request));
    if (warnings.length > 0) response.set('Warning', warnings.map(warning => `299 voxelwise: "${warning}"`).join(', '));
    response.type('application/dicom+json').send(JSON.stringify(datasets));
  };
}
