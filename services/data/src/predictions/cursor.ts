import type { z } from 'zod';
import { ServiceProblem } from '../http/service-problem.ts';

/** Where a page ends: opaque to clients. */
export function cursorOf(values: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(values), 'utf8').toString('base64url');
}

/** @throws ServiceProblem where the text is none of ours */
export function readCursor<Schema extends z.ZodType>(schema: Schema, cursor: string): z.output<Schema> {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new ServiceProblem('invalid-request', 'The cursor is not one that this address gave out.');
  }
}
