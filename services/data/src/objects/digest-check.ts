import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { DigestMismatchError, ObjectTooLargeError } from './errors.ts';

/**
 * Passes bytes on and hashes them. It ends with an error, before it tells the end, where they are not the content of this
 * SHA-256 (hexadecimal), and as soon as they are more than `maxBytes`.
 */
export function checkDigest(sha256: string, maxBytes: number): Transform & { sizeBytes: number } {
  const hash = createHash('sha256');
  const check = Object.assign(
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        check.sizeBytes += chunk.length;
        if (check.sizeBytes > maxBytes) return done(new ObjectTooLargeError(maxBytes));
        hash.update(chunk);
        done(null, chunk);
      },
      flush(done) {
        const found = hash.digest('hex');
        if (found === sha256) return done();
        done(new DigestMismatchError(`The content has the SHA-256 ${found}, but ${sha256} was announced.`));
      },
    }),
    { sizeBytes: 0 },
  );
  return check;
}
