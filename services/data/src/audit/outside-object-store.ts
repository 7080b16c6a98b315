import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ObjectStoreError } from '../objects/errors.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { OutsideHeads } from './outside-heads.ts';

/** Where they lie. */
export const OUTSIDE_HEADS_PREFIX = 'audit-heads/';

/**
 * Tree heads in the object store: they are signed, hold nothing about anybody, and lie there as they are. A bucket with object lock
 * keeps them from whoever can write to it.
 */
export function objectStoreHeads(objects: ObjectStore): OutsideHeads {
  return {
    async write(name, bytes) {
      await objects.putStream(OUTSIDE_HEADS_PREFIX + name, Readable.from([bytes]));
    },
    async *list(after) {
      const names: string[] = [];
      for (const prefix of prefixesSince(after)) {
        for await (const { key } of objects.list(OUTSIDE_HEADS_PREFIX + prefix)) {
          const name = key.slice(OUTSIDE_HEADS_PREFIX.length);
          if (after === undefined || name > after) names.push(name);
        }
      }
      yield* names.sort();
    },
    async read(name) {
      try {
        return await buffer(await objects.getStream(OUTSIDE_HEADS_PREFIX + name));
      } catch (error) {
        if (error instanceof ObjectStoreError && error.problem === 'missing') return undefined;
        throw error;
      }
    },
  };
}

const DAY_MS = 86_400_000;
/** From so many days on, one list of everything costs less than a list a day. */
const MANY_DAYS = 100;

/**
 * Beginnings of the names behind this one: a name begins with its day, so that of years of heads only the last days are listed.
 * The day after tomorrow is among them, as the clock of the database may be ahead.
 */
function prefixesSince(after: string | undefined): string[] {
  const first = Date.parse(`${after?.slice(0, 10)}T00:00:00Z`);
  const days = Math.ceil((Date.now() + 2 * DAY_MS - first) / DAY_MS);
  if (!(days > 0 && days < MANY_DAYS)) return [''];
  return Array.from({ length: days }, (_, i) => `${new Date(first + i * DAY_MS).toISOString().slice(0, 10)}/`);
}
