import { rename, rm, writeFile } from 'node:fs/promises';

/** Replaces a generated file at once, because another program that builds at the same time may be reading it. */
export async function writeGenerated(file, text) {
  const part = `${file}.part-${process.pid}`;
  try {
    await writeFile(part, text);
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}
