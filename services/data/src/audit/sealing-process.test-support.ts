// A process that seals until it is killed: started by sealer-crash.test.ts.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../database/connection.ts';
import { outsideFolder } from './outside-folder.ts';
import type { OutsideHeads } from './outside-heads.ts';
import { sealAudit } from './sealer.ts';
import { auditSigner } from './tree-head.ts';

const [url, folder, key] = process.argv.slice(2) as [string, string, string];
const privateKey = createPrivateKey(key);
const signer = auditSigner({ signingKeys: [{ id: 's1', privateKey, publicKey: createPublicKey(privateKey) }] });
const db = openDatabase({ url, poolSize: 1 });

// An object store that is some way off, and says what is asked of it before it does it.
const near = outsideFolder(folder);
const asked = async (what: string) => {
  process.stdout.write(`${what}\n`);
  await sleep(3);
};
const outside: OutsideHeads = {
  async write(name, bytes) {
    await asked('write');
    await near.write(name, bytes);
    await asked('written');
  },
  async *list(after) {
    await asked('list');
    yield* near.list(after);
  },
  async read(name) {
    await asked('read');
    return near.read(name);
  },
};

for (;;) await sealAudit(db, { signer, outside, batchRows: 3 });
