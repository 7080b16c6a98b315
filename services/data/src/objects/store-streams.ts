import { Readable, Transform } from 'node:stream';

/** Passes bytes on and counts them. */
export function countBytes(): Transform & { sizeBytes: number } {
  const counter = Object.assign(
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        counter.sizeBytes += chunk.length;
        done(null, chunk);
      },
    }),
    { sizeBytes: 0 },
  );
  return counter;
}

/** The same bytes, but an error while reading them is told in our own words. */
export function withErrors(stream: Readable, translate: (error: unknown) => unknown): Readable {
  async function* bytes() {
    try {
      for await (const chunk of stream) yield chunk as Buffer;
    } catch (error) {
      throw translate(error);
    }
  }
  return Readable.from(bytes(), { objectMode: false });
}
