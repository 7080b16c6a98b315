// multipart/related (RFC 2387, RFC 2046) as DICOMweb uses it: parts of bytes, framed by a boundary.

export interface Multipart {
  readonly contentType: string;
  readonly body: Blob;
}

/**
 * Frames files as one request body; nothing is copied.
 * @param type media type of every part
 * @param newBoundary candidates for the boundary, until one does not occur in the files
 */
export function encodeMultipart(
  files: readonly Uint8Array<ArrayBuffer>[],
  type: string,
  newBoundary: () => string = randomBoundary,
): Multipart {
  let boundary = newBoundary();
  while (files.some(file => indexOfBytes(file, latin1(`--${boundary}`)) >= 0)) boundary = newBoundary();
  const parts = files.flatMap(file => [`--${boundary}\r\nContent-Type: ${type}\r\n\r\n`, file, '\r\n']);
  return {
    contentType: `multipart/related; type="${type}"; boundary=${boundary}`,
    body: new Blob([...parts, `--${boundary}--\r\n`]),
  };
}

/**
 * The contents of the parts of a multipart body.
 * @returns null when the content type is not multipart, or the body does not end with its last boundary
 */
export function decodeMultipart(bytes: Uint8Array, contentType: string): Uint8Array[] | null {
  const [, quoted, plain] = /^multipart\/related\b.*;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (!boundary) return null;
  const separator = latin1(`\r\n--${boundary}`);
  const parts: Uint8Array[] = [];
  // A body that begins with the boundary has no line break before it.
  let found = startsWith(bytes, separator.subarray(2)) ? -2 : indexOfBytes(bytes, separator);
  for (;;) {
    const after = found + separator.length;
    const next = indexOfBytes(bytes, separator, after);
    if (found !== -1 && startsWith(bytes, latin1('--'), after)) return parts;
    const headersEnd = indexOfBytes(bytes, latin1('\r\n\r\n'), after);
    if (found === -1 || next === -1 || headersEnd === -1 || headersEnd > next) return null;
    parts.push(bytes.subarray(headersEnd + 4, next));
    found = next;
  }
}

function randomBoundary(): string {
  // Not randomUUID: that exists on pages from https and this machine only, and hospitals serve viewers by http too.
  const random = crypto.getRandomValues(new Uint8Array(16));
  return `voxelwise-${Array.from(random, byte => byte.toString(16).padStart(2, '0')).join('')}`;
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, character => character.charCodeAt(0));
}

function startsWith(bytes: Uint8Array, sought: Uint8Array, at = 0): boolean {
  return sought.every((byte, index) => bytes[at + index] === byte);
}

function indexOfBytes(bytes: Uint8Array, sought: Uint8Array, from = 0): number {
  const first = sought[0] ?? 0;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (startsWith(bytes, sought, at)) return at;
  }
  return -1;
}
