// Writes the generated sources that are not kept in the repository:
// - every kernel's WebAssembly text (*.wat), assembled into a TypeScript module beside it;
// - the version of every extension and of the data service, from its package.json;
// - the data service's Prisma client.
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { assembleFolder } from './assemble-wat.mjs';
import { generatePrisma } from './generate-prisma.mjs';
import { writeGenerated } from './write-generated.mjs';

const extensions = path.join(import.meta.dirname, '..', 'extensions');

/** @param {string} folder of a package */
async function writeVersion(folder) {
  const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const source = `// Made from package.json by scripts/generate.mjs.\nexport const VERSION = '${version}';\n`;
  await writeGenerated(path.join(folder, 'src', 'version.generated.ts'), source);
}

for (const name of await readdir(extensions)) {
  const folder = path.join(extensions, name);
  if (!existsSync(path.join(folder, 'package.json'))) continue;
  await writeVersion(folder);
  await assembleFolder(path.join(folder, 'src'));
}
await writeVersion(path.join(extensions, '..', 'services', 'data'));
await generatePrisma();
