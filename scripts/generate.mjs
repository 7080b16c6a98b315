// Writes the generated sources that are not kept in the repository:
// - every kernel's WebAssembly text (*.wat), assembled into a TypeScript module beside it, so that the readable source
//   is the only one and every bundler can take the result without a loader;
// - the version of every extension, from its package.json.
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import wabt from 'wabt';

const extensions = path.join(import.meta.dirname, '..', 'extensions');

/** @param {string} file path of a .wat file */
async function assemble(file, { parseWat }) {
  const module = parseWat(path.basename(file), await readFile(file), { simd: true });
  module.validate({ simd: true });
  const { buffer } = module.toBinary({});
  module.destroy();
  const source = `// Made from ${path.basename(file)} by scripts/generate.mjs.
export default '${Buffer.from(buffer).toString('base64')}';
`;
  await writeFile(file.replace(/\.wat$/, '.wasm.generated.ts'), source);
}

/** @param {string} folder of an extension */
async function writeVersion(folder) {
  const { version } = JSON.parse(await readFile(path.join(folder, 'package.json'), 'utf8'));
  const source = `// Made from package.json by scripts/generate.mjs.\nexport const VERSION = '${version}';\n`;
  await writeFile(path.join(folder, 'src', 'version.generated.ts'), source);
}

const assembler = await wabt();
for (const name of await readdir(extensions)) {
  const folder = path.join(extensions, name);
  if (!existsSync(path.join(folder, 'package.json'))) continue;
  await writeVersion(folder);
  const sources = await readdir(path.join(folder, 'src'), { recursive: true });
  for (const file of sources.filter(source => source.endsWith('.wat'))) {
    await assemble(path.join(folder, 'src', file), assembler);
  }
}
