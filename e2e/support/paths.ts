import { existsSync } from 'node:fs';
import path from 'node:path';

export const REPOSITORY = path.join(import.meta.dirname, '..', '..');
export const PLUGINS = path.join(REPOSITORY, 'dist', 'plugins');
/** The pages that the viewer serves beside OHIF. */
export const PAGES = path.join(REPOSITORY, 'dist', 'pages');
/** Kept between runs, like the folder of `npm start`: the stock viewers are 50 MB each. */
export const DATA_FOLDER = path.join(REPOSITORY, '.voxelwise', 'e2e');

/**
 * A folder of the test data beside the repository.
 * @returns null where it is absent; in CI that is an error, because a skipped test would look like a passed one
 */
export function testData(name: string): string | null {
  const folder = path.join(REPOSITORY, '..', 'shared', 'data', name);
  if (existsSync(folder)) return folder;
  if (process.env.CI) throw new Error(`CI is set, but the test data ../shared/data/${name} is missing.`);
  return null;
}
