/** Texture formats, by their WebGL names. Integers are targets everywhere, floats where EXT_color_buffer_float is. */
export type TextureFormat = 'R16I' | 'RGBA16I' | 'R32F' | 'RGBA32F' | 'RGBA32I' | 'RGBA32UI' | 'R8UI';

/** Typed array whose elements are the texture's components, as uploaded and as read back. */
export type TexelArray = Int16Array | Float32Array | Int32Array | Uint32Array | Uint8Array;

export interface FormatDescription {
  readonly internalFormat: GLenum;
  readonly uploadFormat: GLenum;
  readonly uploadType: GLenum;
  /** The one format and type with which WebGL2 guarantees that a target of this format can be read. */
  readonly readFormat: GLenum;
  readonly readType: GLenum;
  readonly components: 1 | 4;
  readonly bytesPerTexel: number;
}

// Values of the WebGL2 specification, written here so that the table also exists where there is no WebGL2 (Node).
const RED = 0x1903;
const RGBA = 0x1908;
const RED_INTEGER = 0x8d94;
const RGBA_INTEGER = 0x8d99;
const UNSIGNED_BYTE = 0x1401;
const SHORT = 0x1402;
const INT = 0x1404;
const UNSIGNED_INT = 0x1405;
const FLOAT = 0x1406;

const float = { readFormat: RGBA, readType: FLOAT } as const;
const signed = { readFormat: RGBA_INTEGER, readType: INT } as const;
const unsigned = { readFormat: RGBA_INTEGER, readType: UNSIGNED_INT } as const;

export const TEXTURE_FORMATS: { readonly [format in TextureFormat]: FormatDescription } = {
  R16I: {
    ...signed,
    internalFormat: 0x8233,
    uploadFormat: RED_INTEGER,
    uploadType: SHORT,
    components: 1,
    bytesPerTexel: 2,
  },
  RGBA16I: {
    ...signed,
    internalFormat: 0x8d88,
    uploadFormat: RGBA_INTEGER,
    uploadType: SHORT,
    components: 4,
    bytesPerTexel: 8,
  },
  RGBA32I: {
    ...signed,
    internalFormat: 0x8d82,
    uploadFormat: RGBA_INTEGER,
    uploadType: INT,
    components: 4,
    bytesPerTexel: 16,
  },
  RGBA32UI: {
    ...unsigned,
    internalFormat: 0x8d70,
    uploadFormat: RGBA_INTEGER,
    uploadType: UNSIGNED_INT,
    components: 4,
    bytesPerTexel: 16,
  },
  R8UI: {
    ...unsigned,
    internalFormat: 0x8232,
    uploadFormat: RED_INTEGER,
    uploadType: UNSIGNED_BYTE,
    components: 1,
    bytesPerTexel: 1,
  },
  R32F: { ...float, internalFormat: 0x822e, uploadFormat: RED, uploadType: FLOAT, components: 1, bytesPerTexel: 4 },
  RGBA32F: {
    ...float,
    internalFormat: 0x8814,
    uploadFormat: RGBA,
    uploadType: FLOAT,
    components: 4,
    bytesPerTexel: 16,
  },
};
