import type { ObjectReference } from '../contract.ts';
import type { Attachment } from './entry.ts';

/** How a record refers to an attachment. */
export function referenceOf({ name, sha256, mediaType, content }: Attachment): ObjectReference {
  return { name, sha256, mediaType, sizeBytes: content.size };
}
