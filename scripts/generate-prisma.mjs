// Makes the Prisma client of the data service from prisma/schema.prisma, unless the one that is there is of the same schema.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const schemaFile = path.join(root, 'prisma', 'schema.prisma');
const target = path.join(root, 'services', 'data', 'src', 'generated', 'prisma');
const stampFile = path.join(target, 'schema.sha256');

export async function generatePrisma() {
  const require = createRequire(path.join(root, 'services', 'data', 'package.json'));
  const prisma = require.resolve('prisma/package.json');
  const { version } = JSON.parse(await readFile(prisma, 'utf8'));
  const stamp = createHash('sha256')
    .update(version)
    .update(await readFile(schemaFile))
    .digest('hex');
  if (existsSync(stampFile) && (await readFile(stampFile, 'utf8')) === stamp) return;
  const cli = path.join(path.dirname(prisma), 'build', 'index.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'generate', '--schema', schemaFile], {
    cwd: root,
    encoding: 'utf8',
    // Generating needs no engine; without a path the command line would fetch one over the network. It also calls home otherwise.
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' },
  });
  if (status !== 0) throw new Error(`The Prisma client could not be generated:\n${stdout}${stderr}`);
  await writeFile(stampFile, stamp);
}
