/**
 * SHA-256 as hexadecimal text, computed by the browser outside of the page's thread. Null on a page that is not secure, where
 * browsers do not offer it.
 */
export async function sha256Of(content: Uint8Array<ArrayBuffer> | Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer>) {
  const { subtle } = crypto as Partial<Pick<Crypto, 'subtle'>>;
  if (!subtle) return null;
  const digest = new Uint8Array(await subtle.digest('SHA-256', content));
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('');
}
