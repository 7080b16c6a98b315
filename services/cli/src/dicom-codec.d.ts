/** The part of @cornerstonejs/dicom-codec, which ships no types, that is used here. */
declare module '@cornerstonejs/dicom-codec' {
  interface ImageInfo {
    readonly rows: number;
    readonly columns: number;
    readonly bitsAllocated: number;
    readonly samplesPerPixel: number;
    readonly signed: boolean;
    readonly pixelRepresentation: number;
  }
  interface Decoded {
    readonly imageFrame: ArrayBufferView;
    readonly imageInfo: { readonly rows: number; readonly columns: number };
  }
  const codec: {
    decode(frame: Uint8Array, info: ImageInfo, transferSyntaxUid: string): Promise<Decoded>;
  };
  export default codec;
}
