import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { namesOf, type TestTrail, testTrail, transactionsOver } from './audit.test-support.ts';
import { auditSealLag, sealAudit } from './sealer.ts';
import { auditSigner } from './tree-head.ts';
import { verifyAudit } from './verify/verify-audit.ts';

let trail: TestTrail;
beforeEach(async () => {
  trail = await testTrail();
});
afterEach(() => trail.remove());

test('a process that is killed twenty times while it seals leaves a trail that verifies, each time', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const signer = auditSigner({ signingKeys: [{ id: 's1', privateKey, publicKey }] });
  const options = { db: trail.db, publicKeys: signer.publicKeys, outside: trail.outside };
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  let written = 0;
  let killedBeforeWriting = 0;
  for (let kill = 0; kill < 20; kill++) {
    written += (await trail.write(30)).length;
    await sealUntilKilled(pem, kill % 2 === 0 ? 'write' : '');
    const report = await verifyAudit(options);
    expect(report.findings).toEqual([]);
    expect(report.sealed + report.unsealed.rows).toBe(written);
    if (report.heads > report.outsideHeads) killedBeforeWriting += 1;
  }
  expect(killedBeforeWriting).toBeGreaterThan(3);

  await transactionsOver(trail.db);
  await until(async () => !(await sealAudit(trail.db, { signer, outside: trail.outside })).busy);
  expect((await auditSealLag(trail.db)).rows).toBe(0);
  const report = await verifyAudit({ ...options, outsideGraceMs: 0 });
  expect(report).toMatchObject({ verified: true, sealed: written, unsealed: { rows: 0 } });
  expect(await namesOf(trail.outside)).toHaveLength(report.heads);
}, 120_000);

/** Kills the process at a random one of the moments of this name that it tells; at any moment where that is empty. */
async function sealUntilKilled(key: string, moment: string): Promise<void> {
  const script = path.join(import.meta.dirname, 'sealing-process.test-support.ts');
  const child = spawn(process.execPath, ['--conditions=voxelwise-source', script, trail.appUrl, trail.folder, key], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let left = 1 + Math.floor(Math.random() * 8);
  for await (const line of createInterface(child.stdout)) {
    if (line === moment || moment === '') left -= 1;
    if (left === 0) child.kill('SIGKILL');
  }
  expect((await exited)[1]).toBe('SIGKILL');
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}
