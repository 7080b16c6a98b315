import { randomUUID } from 'node:crypto';
import type { Dirent } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { syncFolder } from '../sync-folder.ts';
import { errorCode, UserError } from '../user-error.ts';
import type { OutsideHeads } from './outside-heads.ts';

/** A folder and a file, neither of which is hidden or leads upwards. */
const NAME = /^\w[\w.-]*\/\w[\w.-]*$/;

/** Behind the names of files that are being written: such a one is of a process that died, and nothing. */
const UNFINISHED = '.unfinished';

/**
 * Tree heads in a folder, one folder a day. A file appears whole or not at all, and stays after a loss of power.
 * @param folder is made where it is missing, when the first head is written
 */
export function outsideFolder(folder: string): OutsideHeads {
  const pathOf = (name: string) => {
    if (!NAME.test(name)) throw new Error(`${JSON.stringify(name)} is not a name of a tree head.`);
    return path.join(folder, name);
  };
  return {
    async write(name, bytes) {
      const file = pathOf(name);
      const unfinished = `${file}.${randomUUID()}${UNFINISHED}`;
      const made = await mkdir(path.dirname(file), { recursive: true });
      try {
        const handle = await open(unfinished, 'wx', 0o640);
        try {
          await handle.writeFile(bytes);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(unfinished, file);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
      let changed = path.dirname(file);
      await syncFolder(changed);
      while (made && changed.length >= made.length) {
        changed = path.dirname(changed);
        await syncFolder(changed);
      }
    },

    async *list(after = '') {
      for (const day of await entries(folder)) {
        // Of the days before there is nothing to read.
        if (!day.isDirectory() || `${day.name}/` < after.slice(0, day.name.length + 1)) continue;
        for (const entry of await entries(path.join(folder, day.name))) {
          const name = `${day.name}/${entry.name}`;
          if (entry.isFile() && name > after && !name.endsWith(UNFINISHED)) yield name;
        }
      }
    },

    async read(name) {
      try {
        return await readFile(pathOf(name));
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return undefined;
        throw unreadable(folder, error);
      }
    },
  };
}

async function entries(folder: string): Promise<Dirent[]> {
  try {
    const found = await readdir(folder, { withFileTypes: true });
    return found.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw unreadable(folder, error);
  }
}

function unreadable(folder: string, error: unknown): Error {
  return new UserError(`The folder of audit tree heads ${folder} cannot be read (${errorCode(error) || error}).`);
}
