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
      for await (const { key } of objects.list(OUTSIDE_HEADS_PREFIX)) {
        const name = key.slice(OUTSIDE_HEADS_PREFIX.length);
        if (after === undefined || name > after) names.push(name);
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
