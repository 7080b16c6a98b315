// Runs as `prepack` and `postpack` of every package. In the repository, a package's exports have the condition `source`,
// which leads to TypeScript sources; they are not in the package, so a resolver that happens to know that condition would
// find nothing. The package.json that is packed therefore goes without it, and without these two scripts.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

const kept = path.join(import.meta.dirname, '..', 'dist', 'manifests');

/** Where a package's own package.json waits while the published one is in its place. */
const keptManifest = folder => path.join(kept, `${path.basename(path.dirname(folder))}-${path.basename(folder)}.json`);

/** @param {string} folder of a package */
export async function publishManifest(folder) {
  await restoreManifest(folder);
  const file = path.join(folder, 'package.json');
  const { scripts, exports, ...manifest } = JSON.parse(await readFile(file, 'utf8'));
  if (!(await isBuilt(folder, manifest.version))) {
    throw new Error(`${manifest.name} ${manifest.version} is not built: run "npm run build:packages" before packing.`);
  }
  await mkdir(kept, { recursive: true });
  await copyFile(file, keptManifest(folder));
  const published = Object.entries(exports).map(([name, entry]) => [name, withoutSource(entry)]);
  await writeFile(file, `${JSON.stringify({ ...manifest, exports: Object.fromEntries(published) }, null, 2)}\n`);
}

/** Puts the repository's package.json back, also after a pack that was interrupted. @param {string} folder of a package */
export async function restoreManifest(folder) {
  if (existsSync(keptManifest(folder))) await rename(keptManifest(folder), path.join(folder, 'package.json'));
}

/** Whether dist is there, and of this version where the version is compiled in (the extensions). */
async function isBuilt(folder, version) {
  if (!existsSync(path.join(folder, 'dist', 'index.js'))) return false;
  const versionFile = path.join(folder, 'dist', 'version.generated.js');
  return !existsSync(versionFile) || (await readFile(versionFile, 'utf8')).includes(`'${version}'`);
}

function withoutSource(entry) {
  if (typeof entry === 'string') return entry;
  const { source, ...conditions } = entry;
  return conditions;
}

if (process.argv[1] === import.meta.filename) {
  try {
    await { publish: publishManifest, restore: restoreManifest }[process.argv[2]](process.cwd());
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}
