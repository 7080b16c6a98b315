import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

/** Of programs that put the same folder in place at the same time, each needs a moment at most. */
const ATTEMPTS = 50;

/**
 * Puts a finished folder in the place of an older one. The older one steps aside first, because a folder cannot be renamed over a
 * full one; where another program was quicker, its folder steps aside in turn.
 * @param {string} part on the same disk; it is gone afterwards
 * @param {string} target
 */
export async function replaceFolder(part, target) {
  await mkdir(path.dirname(target), { recursive: true });
  const aside = `${part}-replaced`;
  try {
    for (let attempt = 1; ; attempt++) {
      await rm(aside, { recursive: true, force: true });
      await rename(target, aside).catch(ignore('ENOENT'));
      const isDone = await rename(part, target).then(
        () => true,
        error => {
          if (attempt === ATTEMPTS) throw error;
          ignore('ENOTEMPTY', 'EEXIST')(error);
          return false;
        },
      );
      if (isDone) return;
    }
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** @param {string[]} codes */
function ignore(...codes) {
  return error => {
    if (!codes.includes(error.code)) throw error;
  };
}
