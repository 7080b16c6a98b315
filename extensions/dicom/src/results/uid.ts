/** Makes a new UID on every call. */
export type UidGenerator = () => string;

/**
 * A new UID under 2.25, from a random UUID (PS3.5 B.2). Not by crypto.randomUUID, which browsers offer on secure pages only,
 * and a hospital's viewer may be a plain http page.
 */
export function newUid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40; // version 4
  bytes[8] = (bytes[8]! & 0x3f) | 0x80; // variant of RFC 9562
  return `2.25.${bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)}`;
}
