import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { ObjectStoreError } from '../objects/errors.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { OutsideHeads } from './outside-heads.ts';

const PREFIX = 'audit-heads/';

/**
 * Tree heads in the object store: they are signed, hold nothing about anybody, and lie there as they are. A bucket with object lock
 * keeps them from whoever can write to it.
 */
export function objectStoreHeads(objects: ObjectStore): OutsideHeads {
  return {
    async write(name, bytes) {
      await objects.putStream(PREFIX + name, Readable.from([bytes]));
    },
    async *list(after) {
      const names: string[] = [];
      for await (const { key } of objects.list(PREFIX)) {
        const name = key.slice(PREFIX.length);
        if (after === undefined || name > after) names.push(name);
      }
      yield* names.sort();
    },
    async read(name) {
      try {
        return await buffer(await objects.getStream(PREFIX + name));
      } catch (error) {
        if (error instanceof ObjectStoreError && error.problem === 'missing') return undefined;
        throw error;
      }
    },
  };
}
