import { type Correction, type KindAndPayload, MASK_MEDIA_TYPE } from '@voxelwise/contract';

/** An object that a payload names, such as the mask of a segment. */
export interface NamedObject {
  readonly name: string;
  /** Hexadecimal. */
  readonly sha256: string;
  readonly mediaType: string;
}

/** What is said of an image: by an algorithm, or by a reader who corrects it. */
export type Content = KindAndPayload & { readonly objects: readonly NamedObject[] };

/** The corrected content. A mask that the correction names without bringing it along is the prediction's. */
export function correctedContent(prediction: Content, correction: Correction): Content {
  const brought = correction.objects ?? [];
  const kept = prediction.objects.filter(({ name }) => !brought.some(object => object.name === name));
  // A stored correction is of the kind of its prediction: others are refused when they are filed.
  return { ...prediction, payload: correction.payload, objects: [...brought, ...kept] } as Content;
}

/** Digest of the mask that a payload calls by this name; null where there is none of the format that we compare. */
export function maskDigest(content: Content, name: string | undefined): string | null {
  const object = content.objects.find(one => one.name === name);
  return object?.mediaType === MASK_MEDIA_TYPE ? object.sha256 : null;
}
