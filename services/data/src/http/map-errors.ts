import { databaseProblem } from '../database/errors.ts';
import { ShreddedError } from '../keys/errors.ts';
import { ServiceProblem } from './service-problem.ts';

/** The problem that a client is told of, for whatever was thrown. Unexpected errors say nothing of themselves: they are logged. */
export function toServiceProblem(error: unknown): ServiceProblem {
  if (error instanceof ServiceProblem) return error;
  if (error instanceof ShreddedError) return new ServiceProblem('shredded');
  switch (databaseProblem(error)) {
    case 'connection-lost':
    case 'too-many-connections':
      return new ServiceProblem(
        'unavailable',
        'The database cannot be reached. Send the same again: that is harmless.',
        { retryAfterS: 2 },
      );
    case 'timeout':
    case 'conflict':
    case 'foreign-key-violation': // Two requests met, such as one that erases an object and one that begins to refer to it.
      return new ServiceProblem('unavailable', 'The database is too busy. Send the same again: that is harmless.', {
        retryAfterS: 2,
      });
    case 'disk-full':
    case 'read-only':
      return new ServiceProblem(
        'unavailable',
        'The database cannot store anything right now. Tell your administrator.',
        { retryAfterS: 60 },
      );
    default:
      return new ServiceProblem(
        'internal',
        'Something went wrong in the service. The request id helps to find out what.',
      );
  }
}
