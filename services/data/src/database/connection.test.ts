import { randomUUID } from 'node:crypto';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectOnce, type Database, openDatabase, roleOf, type Transaction } from './connection.ts';
import { type TestDatabase, testDatabase, testSuperuser } from './database.test-support.ts';
import { databaseProblem, violatedConstraint } from './errors.ts';

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await testDatabase();
  db = database.db;
});
afterAll(() => database.drop());

const dataKey = (id: string = randomUUID()) => ({ id, masterKeyId: 'm1', wrapped: Buffer.alloc(40) });
const problemOf = (work: Promise<unknown>) => work.then(() => 'none', databaseProblem);
const pseudonym = `p1:${'a'.repeat(43)}`;
const prediction = (id: string = randomUUID()) => ({
  id,
  site: 'north',
  kind: 'calcium',
  producedAt: new Date(),
  createdBy: pseudonym,
  recordSha256: Buffer.alloc(32),
  algorithmName: 'agatston',
  algorithmVersion: '1.0.0',
});

test('a transaction happens as a whole, or not at all', async () => {
  const [first, second] = [randomUUID(), randomUUID()];
  const failing = db.transaction(async transaction => {
    await transaction.dataKey.create({ data: dataKey(first) });
    await transaction.dataKey.create({ data: dataKey(second) });
    throw new Error('after the second');
  });
  await expect(failing).rejects.toThrow('after the second');
  expect(await db.prisma.dataKey.count({ where: { id: { in: [first, second] } } })).toBe(0);
  const result = await db.transaction(transaction => transaction.dataKey.create({ data: dataKey(first) }));
  expect(result.id).toBe(first);
});

test('what a constraint, a trigger or a privilege refuses is told apart, through Prisma and through SQL', async () => {
  const key = await db.prisma.dataKey.create({ data: dataKey() });
  const again = () => db.prisma.dataKey.create({ data: dataKey(key.id) });
  expect(await problemOf(again())).toBe('unique-violation');
  expect(await again().catch(violatedConstraint)).toBe('data_key_pkey');
  const raw = () =>
    db.prisma.$executeRaw`INSERT INTO data_key (id, master_key_id, wrapped) VALUES (${key.id}::uuid, 'm', '\\x00')`;
  expect(await problemOf(raw())).toBe('unique-violation');
  expect(await problemOf(db.pool.query('INSERT INTO data_key SELECT * FROM data_key'))).toBe('unique-violation');

  expect(await problemOf(db.prisma.prediction.create({ data: { ...prediction(), dataKeyId: randomUUID() } }))).toBe(
    'foreign-key-violation',
  );
  expect(await problemOf(db.prisma.prediction.create({ data: { ...prediction(), patient: 'Doe^Jane' } }))).toBe(
    'check-violation',
  );
  const stored = await db.prisma.prediction.create({ data: prediction() });
  expect(
    await problemOf(db.prisma.prediction.update({ where: { id: stored.id }, data: { payload: { changed: true } } })),
  ).toBe('immutable');
  expect(await problemOf(db.prisma.auditEvent.deleteMany())).toBe('permission-denied');
  expect(await problemOf(db.prisma.$queryRaw`SELECT missing FROM prediction`)).toBe('schema-mismatch');
  expect(await problemOf(db.prisma.$queryRaw`SELECT 1/0`)).toBe('other');
  expect(databaseProblem(new Error('anything'))).toBe('other');
  expect(databaseProblem(undefined)).toBe('other');
});

test('of two transactions that lock each other out, both succeed in the end', async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  await db.prisma.dataKey.createMany({ data: [dataKey(one), dataKey(other)] });
  let attempts = 0;
  const both = (first: string, second: string) =>
    db.transaction(async transaction => {
      attempts++;
      await append(transaction, first);
      await sleep(200);
      await append(transaction, second);
    });
  await Promise.all([both(one, other), both(other, one)]);
  expect(attempts).toBeGreaterThan(2);
  const rows = await db.prisma.dataKey.findMany({ where: { id: { in: [one, other] } } });
  expect(rows.map(row => row.masterKeyId)).toEqual(['m1++', 'm1++']);
});

function append(transaction: Transaction, id: string): Promise<number> {
  return transaction.$executeRaw`UPDATE data_key SET master_key_id = master_key_id || '+' WHERE id = ${id}::uuid`;
}

test('counts under serializable isolation are not lost, however many at once', async () => {
  const key = await db.prisma.dataKey.create({ data: { ...dataKey(), masterKeyId: '0' } });
  const increment = () =>
    db.transaction(
      async transaction => {
        const { masterKeyId } = await transaction.dataKey.findUniqueOrThrow({ where: { id: key.id } });
        await transaction.dataKey.update({
          where: { id: key.id },
          data: { masterKeyId: String(Number(masterKeyId) + 1) },
        });
      },
      { isolationLevel: 'Serializable' },
    );
  await Promise.all([increment(), increment(), increment()]);
  expect((await db.prisma.dataKey.findUniqueOrThrow({ where: { id: key.id } })).masterKeyId).toBe('3');
});

test('an error that would happen again is not tried again', async () => {
  const key = await db.prisma.dataKey.create({ data: dataKey() });
  let attempts = 0;
  const work = db.transaction(async transaction => {
    attempts++;
    await transaction.dataKey.create({ data: dataKey(key.id) });
  });
  expect(await problemOf(work)).toBe('unique-violation');
  expect(attempts).toBe(1);
});

test('a statement that takes too long is cancelled, and the connection used again', async () => {
  const impatient = openDatabase({ url: database.appUrl, poolSize: 1, statementTimeoutMs: 100 });
  expect(await problemOf(impatient.prisma.$queryRaw`SELECT pg_sleep(5)::text`)).toBe('timeout');
  expect(await problemOf(impatient.pool.query('SELECT pg_sleep(5)'))).toBe('timeout');
  expect(await impatient.prisma.dataKey.count()).toBeGreaterThanOrEqual(0);
  await impatient.close();
});

test('a transaction that takes too long is rolled back', async () => {
  const id = randomUUID();
  const slow = db.transaction(
    async transaction => {
      await transaction.dataKey.create({ data: dataKey(id) });
      await sleep(300);
      await transaction.dataKey.count();
    },
    { timeoutMs: 100 },
  );
  expect(await problemOf(slow)).toBe('timeout');
  expect(await db.prisma.dataKey.count({ where: { id } })).toBe(0);
});

test('connections that are lost are told apart, and made anew for the next work', async () => {
  const lost: Error[] = [];
  const client = openDatabase({
    url: database.appUrl,
    poolSize: 2,
    applicationName: 'to be cut',
    onConnectionError: error => lost.push(error),
  });
  const cutAll = () =>
    openOnce(
      database.appUrl,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'to be cut'`,
    );

  expect(await client.prisma.dataKey.count()).toBeGreaterThanOrEqual(0);
  await cutAll();
  while (lost.length === 0) await sleep(10);
  expect(await client.prisma.dataKey.count()).toBeGreaterThanOrEqual(0);

  const id = randomUUID();
  const during = client.transaction(async transaction => {
    await transaction.dataKey.create({ data: dataKey(id) });
    await cutAll();
    await transaction.dataKey.count();
  });
  expect(await problemOf(during)).toBe('connection-lost');
  expect(await client.prisma.dataKey.count({ where: { id } })).toBe(0);
  await client.close();
});

test.each<[string, (transaction: Transaction) => Promise<unknown>]>([
  ['a query', transaction => transaction.dataKey.count()],
  ['a raw query', transaction => transaction.$queryRaw`SELECT 1`],
  ['a raw statement', transaction => transaction.$executeRaw`SELECT 1`],
])('a connection that is reset before %s is a lost one', async (_name, work) => {
  const { hostname, port } = new URL(database.appUrl);
  const between = net.createServer(socket => {
    const server = net.connect(Number(port), hostname);
    socket.pipe(server).pipe(socket);
    for (const end of [socket, server]) end.on('error', () => server.destroy());
    resets.push(() => socket.resetAndDestroy());
  });
  const resets: (() => void)[] = [];
  await new Promise<void>(resolve => between.listen(0, '127.0.0.1', resolve));
  const url = new URL(database.appUrl);
  url.port = String((between.address() as net.AddressInfo).port);
  const client = openDatabase({ url: url.href, poolSize: 1 });
  try {
    const during = client.transaction(async transaction => {
      await transaction.dataKey.count();
      for (const reset of resets) reset();
      await work(transaction);
    });
    expect(await problemOf(during)).toBe('connection-lost');
  } finally {
    await client.close();
    between.close();
  }
});

test('times are the same however time zone and date style of the server are set', async () => {
  const superuser = await testSuperuser(database);
  const name = new URL(database.appUrl).pathname.slice(1);
  await superuser.query(
    `ALTER DATABASE ${name} SET TimeZone = 'Asia/Kolkata'; ALTER DATABASE ${name} SET DateStyle = 'German'`,
  );
  await superuser.end();
  const elsewhere = openDatabase({ url: database.appUrl, poolSize: 2 });
  const producedAt = new Date('2026-06-30T20:15:30.123Z');
  const { id } = await elsewhere.prisma.prediction.create({
    data: { ...prediction(), producedAt, retentionUntil: new Date('2033-02-01') },
  });
  const found = await elsewhere.prisma.prediction.findUniqueOrThrow({ where: { id } });
  expect(found.producedAt).toEqual(producedAt);
  expect(found.retentionUntil).toEqual(new Date('2033-02-01'));
  const { rows } = await elsewhere.pool.query('SELECT produced_at FROM prediction WHERE id = $1', [id]);
  expect(rows).toEqual([{ produced_at: producedAt }]);
  await elsewhere.close();
});

test('a server that is not there is a lost connection', async () => {
  const nowhere = openDatabase({ url: 'postgresql://a:b@127.0.0.1:1/c', poolSize: 1 });
  expect(await problemOf(nowhere.prisma.dataKey.count())).toBe('connection-lost');
  expect(await problemOf(nowhere.transaction(async () => {}))).toBe('connection-lost');
  expect(await problemOf(nowhere.pool.query('SELECT 1'))).toBe('connection-lost');
  await nowhere.close();
});

test('a database that takes no more connections is told apart', async () => {
  const superuser = await testSuperuser(database);
  const name = new URL(database.appUrl).pathname.slice(1);
  await superuser.query(`ALTER DATABASE ${name} CONNECTION LIMIT 0`);
  const refused = openDatabase({ url: database.appUrl, poolSize: 1 });
  expect(await problemOf(refused.prisma.dataKey.count())).toBe('too-many-connections');
  expect(await problemOf(refused.pool.query('SELECT 1'))).toBe('too-many-connections');
  await refused.close();
  await superuser.query(`ALTER DATABASE ${name} CONNECTION LIMIT -1`);
  await superuser.end();
});

test('why a connection cannot be made is said without the password', async () => {
  const sentence = (url: string) =>
    connectOnce(url, 'test').then(
      client => client.end(),
      error => error.message,
    );
  expect(await sentence('postgresql://r%C3%B6le:s3cret@localhost:1/db')).toMatch(
    /^The database localhost:1\/db cannot be connected to as röle: (connect )?ECONNREFUSED/,
  );
  expect(await sentence(database.appUrl.replace(/:[^:@]*@/, ':s3cret@'))).toMatch(
    /^The database 127\.0\.0\.1:\d+\/test_\w+ cannot be connected to as voxelwise_app: password authentication failed for user "voxelwise_app"$/,
  );
  expect(await sentence('s3cret')).toBe(
    'The address of the database is not a URL such as postgresql://role:password@host:5432/database.',
  );
  expect(roleOf(database.appUrl)).toBe('voxelwise_app');
});

async function openOnce(url: string, text: string): Promise<void> {
  const once = openDatabase({ url, poolSize: 1, applicationName: 'once' });
  await once.pool.query(text);
  await once.close();
}
