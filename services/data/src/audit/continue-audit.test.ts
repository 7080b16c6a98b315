import { namesOf, type TestTrail, testTrail } from './audit.test-support.ts';
import { continueAudit } from './continue-audit.ts';
import { verifyAudit } from './verify/verify-audit.ts';

let trail: TestTrail;
beforeEach(async () => {
  trail = await testTrail();
});
afterEach(() => trail.remove());

test('a confirmed loss lets sealing go on, with an event that names the head that was lost', async () => {
  const { signer, outside } = trail;
  for (let i = 0; i < 3; i++) {
    await trail.write(2);
    await trail.seal();
  }
  const newest = (await namesOf(outside)).at(-1)!;
  await trail.owner.pool.query(`
    DELETE FROM audit_tree_head WHERE size > 2; DELETE FROM audit_leaf WHERE leaf_index >= 2;
    DELETE FROM audit_event WHERE seq > 2`);
  await trail.write(1);
  const head = await continueAudit(trail.db, { signer, outside, actor: null });
  expect(head.size).toBe(4);
  const event = await trail.db.prisma.auditEvent.findFirstOrThrow({ where: { type: 'audit.continue' } });
  expect(JSON.parse(event.event)).toMatchObject({ detail: { sealedEvents: 2, lostHeadEvents: 4 } });
  expect((await namesOf(outside)).some(name => name === newest)).toBe(true);

  await trail.write(1);
  expect(await trail.seal()).toMatchObject({ sealed: 1 });
  const report = await verifyAudit({ db: trail.db, publicKeys: signer.publicKeys, outside });
  expect(report).toMatchObject({ verified: true, sealed: 5 });
  expect(report.notices[0]).toMatch(/^A restore lost 4 sealed events \(rows 3 to 6, /);
});

test('where nothing was lost nothing is confirmed', async () => {
  const { signer, outside } = trail;
  await trail.write(1);
  await trail.seal();
  await expect(continueAudit(trail.db, { signer, outside, actor: null })).rejects.toThrow('No audit event was lost');
  expect(await trail.db.prisma.auditEvent.count()).toBe(1);
});
