/** The part of dicom-character-set, which ships no types, that is used here. */
declare module 'dicom-character-set' {
  export function convertBytes(specificCharacterSet: string, bytes: Uint8Array, options?: { vr?: string }): string;
}
