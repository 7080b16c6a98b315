import { open } from 'node:fs/promises';

/** Makes the names in a folder last through a power cut: of files that were made, renamed or removed. Windows has no such thing. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
