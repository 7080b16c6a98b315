import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { RouteName } from '@voxelwise/contract';
import type { z } from 'zod';
import { ServiceProblem } from '../http/service-problem.ts';
import { openBytes, sealBytes } from '../keys/aes-gcm.ts';
import { KEY_BYTES, type KeyRing } from '../keys/key-ring.ts';

/** Where a page ends. It may be at a record that the caller may not see, so that it is encrypted, for one address alone. */
export function cursorOf(ring: KeyRing, route: RouteName, values: readonly (string | number | null)[]): string {
  const key = cursorKey(ring.masterKeys.at(-1)!.key);
  return sealBytes(key, Buffer.from(JSON.stringify(values), 'utf8'), route).toString('base64url');
}

/** @throws ServiceProblem where the text is none that {@link cursorOf} has made for this address */
export function readCursor<Schema extends z.ZodType>(
  ring: KeyRing,
  route: RouteName,
  schema: Schema,
  cursor: string,
): z.output<Schema> {
  const bytes = Buffer.from(cursor, 'base64url');
  for (const { key } of ring.masterKeys.toReversed()) {
    const opened = openBytes(cursorKey(key), bytes, route);
    if (opened) return schema.parse(JSON.parse(opened.toString('utf8')));
  }
  throw new ServiceProblem('invalid-request', 'The cursor is not one that this address gave out.');
}

const derived = new WeakMap<KeyObject, KeyObject>();

/** Master keys wrap data keys, and nothing else. */
function cursorKey(masterKey: KeyObject): KeyObject {
  let key = derived.get(masterKey);
  if (!key) {
    key = createSecretKey(Buffer.from(hkdfSync('sha256', masterKey, '', 'voxelwise cursor', KEY_BYTES)));
    derived.set(masterKey, key);
  }
  return key;
}
