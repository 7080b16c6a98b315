/** Instance of an assembled module (scripts/generate.mjs). A host whose security policy forbids WebAssembly makes this reject. */
export async function instantiateWasm<Exports>(moduleBase64: string): Promise<Exports> {
  const bytes = Uint8Array.from(atob(moduleBase64), character => character.charCodeAt(0));
  const { instance } = await WebAssembly.instantiate(bytes);
  return instance.exports as unknown as Exports;
}

/** Grows a memory to at least this size, which makes views on it useless. Gives its size. */
export function ensureBytes(memory: WebAssembly.Memory, bytes: number): number {
  const missing = bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  return memory.buffer.byteLength;
}
