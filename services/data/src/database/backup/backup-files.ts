import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorCode, UserError } from '../../user-error.ts';

/** What is noted of a file, to find any change of it. */
export interface FileDigest {
  sizeBytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** Passes bytes on and digests them. */
export function digesting(): { stream: Transform; digest(): FileDigest } {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      sizeBytes += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, digest: () => ({ sizeBytes, sha256: hash.digest('hex') }) };
}

/** Writes a stream into a new file, for its owner only, and onto the disk. */
export async function writeDigested(file: string, content: Readable): Promise<FileDigest> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const { stream, digest } = digesting();
  await pipeline(content, stream, createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true }));
  return digest();
}

/**
 * Reads a file of a backup to its end.
 *
 * @param name as shown to the user
 * @param use is given the bytes; they are only read where there is none
 * @throws {UserError} where the file is not what was written. Then what was done with its bytes must be undone.
 */
export async function readDigested(
  file: string,
  name: string,
  expected: FileDigest,
  use: (content: Readable) => Promise<unknown> = discard,
): Promise<void> {
  const { stream, digest } = digesting();
  try {
    const source = createReadStream(file);
    await Promise.all([
      pipeline(source, stream),
      use(stream).catch(error => {
        source.destroy();
        throw error;
      }),
    ]);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw new UserError(`The file ${name} of the backup is missing.`);
    throw error;
  }
  const found = digest();
  if (found.sizeBytes !== expected.sizeBytes) {
    throw new UserError(
      `The file ${name} of the backup has ${found.sizeBytes} bytes instead of ${expected.sizeBytes}.`,
    );
  }
  if (found.sha256 !== expected.sha256) {
    throw new UserError(`The file ${name} of the backup is damaged: its SHA-256 is not the one noted.`);
  }
}

async function discard(content: Readable): Promise<void> {
  for await (const _chunk of content);
}

/** Writes a small file onto the disk. */
export async function writeSmall(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
