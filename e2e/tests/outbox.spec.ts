import { type BrowserContext, expect, test } from '@playwright/test';
import { type FaultyService, startFaultyService } from '../support/faulty-service.ts';
import { RecordsPage } from '../support/records-page.ts';

/** Records on their way, in a real browser with its own IndexedDB, locks and tabs, over a network that fails as networks do. */

let service: FaultyService;

test.beforeEach(async () => {
  service = await startFaultyService();
});
test.afterEach(() => service.close());

async function newTab(context: BrowserContext, person: string | null = 'reader-1'): Promise<RecordsPage> {
  const tab = new RecordsPage(await context.newPage());
  await tab.open(service.url, person);
  return tab;
}

/** Waits until nothing waits. */
const isEmpty = (tab: RecordsPage) => expect.poll(() => tab.waiting()).toEqual([]);
const count = (id: string) => service.deliveries.filter(one => one.id === id).length;

for (const path of ['/', '/plug-ins']) {
  test(`a page that lets nothing compile code has nothing to report: ${path}`, async ({ context }) => {
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
        document.title = `violated: ${violatedDirective}`;
      });
    });
    const page = await context.newPage();
    await page.goto(`${service.url}${path}`); // scripts that a test evaluates may compile code
    await page.waitForTimeout(300);
    expect(await page.title()).toBe('Records');
  });
}

test('a record is on disk before it is sent, survives its tab, arrives later, once, in order; then nothing of it is left', async ({
  context,
}) => {
  service.setFaults(() => 'cut-before');
  const tab = await newTab(context);
  const first = await tab.log('the mask');
  const review = await tab.accept(first);
  const second = await tab.log();
  expect((await tab.waiting()).map(([id]) => id)).toEqual([first, review, second]);
  expect(await tab.databaseText()).toContain('MRN-0042');
  await tab.page.close();
  expect(service.stored()).toEqual([]);

  service.setFaults(() => null);
  const next = await newTab(context);
  await isEmpty(next);
  expect(service.stored().slice(1)).toEqual([first, review, second]);
  expect(service.deliveries.find(one => one.id === service.stored()[0])?.kind).toBe('object'); // before its record
  expect(await next.databaseText()).toBe('[]');
});

test('an answer that is lost is asked for again, and the record is there once', async ({ context }) => {
  let cuts = 2;
  service.setFaults(() => (cuts-- > 0 ? 'cut-after' : null));
  const tab = await newTab(context);
  const id = await tab.log();
  await isEmpty(tab);
  expect(count(id)).toBe(3);
  expect(service.stored()).toEqual([id]);
});

test('what nobody can mend is refused, and holds up its own reviews alone; the reader tries again, or discards it', async ({
  context,
}) => {
  let refuses = true;
  let refused = '';
  service.setFaults(({ id }) => (refuses && id === refused ? { problem: 'study-refused' } : null));
  const tab = await newTab(context);
  await context.setOffline(true);
  refused = await tab.log();
  const review = await tab.accept(refused);
  const other = await tab.log();
  await context.setOffline(false);
  await expect
    .poll(() => tab.waiting())
    .toEqual([
      [refused, 'refused'],
      [review, 'waiting'],
    ]);
  expect(service.stored()).toEqual([other]);
  expect(count(review)).toBe(0);
  const problems = await tab.page.evaluate(() => window.outbox.getState().outbox.entries.map(({ problem }) => problem));
  expect(problems[0]).toBe('It says study-refused.');

  await tab.act(refused, 'retry');
  await expect.poll(() => count(refused)).toBe(2);
  await expect.poll(async () => (await tab.waiting())[0]).toEqual([refused, 'refused']);
  refuses = false;
  await tab.act(refused, 'retry');
  await isEmpty(tab);
  expect(service.stored()).toEqual([other, refused, review]);

  refuses = true;
  refused = '';
  await context.setOffline(true);
  refused = await tab.log();
  await tab.accept(refused);
  await context.setOffline(false);
  await expect.poll(async () => (await tab.waiting())[0]?.[1]).toBe('refused');
  await tab.act(refused, 'discard');
  expect(await tab.waiting()).toEqual([]);
  expect(await tab.databaseText()).toBe('[]');
});

test('the pause that a service asks for is kept, whatever happens meanwhile', async ({ context }) => {
  let isBusy = true;
  service.setFaults(() => (isBusy ? { problem: 'too-many-requests', retryAfterS: 3 } : null));
  const tab = await newTab(context);
  const first = await tab.log();
  await expect.poll(() => count(first)).toBe(1);
  isBusy = false;
  const second = await tab.log(); // wakes it
  await tab.page.evaluate(() => window.dispatchEvent(new Event('online')));
  await isEmpty(tab);
  const [asked, again] = service.deliveries;
  expect((again?.atMs ?? 0) - (asked?.atMs ?? 0)).toBeGreaterThan(2_900);
  expect(service.stored()).toEqual([first, second]);
});

test('a network that comes back is used at once, not after the back-off', async ({ context }) => {
  const tab = await newTab(context);
  await context.setOffline(true);
  const id = await tab.log();
  await expect
    .poll(() => tab.page.evaluate(() => window.outbox.getState().outbox.pause?.failures ?? 0))
    .toBeGreaterThan(2);
  const until = await tab.page.evaluate(() => (window.outbox.getState().outbox.pause?.until ?? 0) - Date.now());
  expect(until).toBeGreaterThan(1_000);
  await context.setOffline(false);
  await expect.poll(() => service.stored(), { timeout: 1_000 }).toEqual([id]);
});

test('a sign-in page in the way, and a token that is none any more, make records wait', async ({ context }) => {
  let fault: Parameters<FaultyService['setFaults']>[0] = () => 'sign-in-page';
  service.setFaults(delivery => fault(delivery));
  const tab = await newTab(context);
  const id = await tab.log();
  await expect
    .poll(() => tab.page.evaluate(() => window.outbox.getState().outbox.pause?.problem))
    .toMatch(/not the data service, or another version of it: text\/html instead of JSON/);
  fault = () => ({ problem: 'unauthenticated' });
  await tab.signIn('reader-1');
  await expect
    .poll(() => tab.page.evaluate(() => window.outbox.getState().outbox.pause?.problem))
    .toMatch(/sign in again/);
  expect(await tab.waiting()).toEqual([[id, 'waiting']]);
  fault = () => null;
  await tab.signIn('reader-1');
  await isEmpty(tab);
  expect(service.stored()).toEqual([id]);
});

test('two tabs share one sender: everything arrives once, and when the tab that sends is closed, the other goes on', async ({
  context,
}) => {
  const [one, other] = [await newTab(context), await newTab(context)];
  await context.setOffline(true);
  const ids: string[] = [];
  for (let i = 0; i < 10; i++) ids.push(await one.log(), await other.log());
  await context.setOffline(false);
  await isEmpty(one);
  await isEmpty(other);
  expect(service.deliveries.filter(({ id }) => ids.includes(id)).map(({ id }) => id)).toEqual(ids);

  // Held open by the service, the first delivery keeps the lock in the tab that sends.
  let held = true;
  service.setFaults(() => (held ? 'cut-before' : null));
  await context.setOffline(true);
  const last = [await one.log(), await one.log()];
  await context.setOffline(false);
  await one.page.close();
  held = false;
  await expect.poll(() => service.stored().slice(-2), { timeout: 20_000 }).toEqual(last);
  await isEmpty(other);
});

test('nobody sends what somebody else has made: it waits for its maker', async ({ context }) => {
  let isAway = true;
  service.setFaults(() => (isAway ? 'cut-before' : null));
  const tab = await newTab(context, 'reader-1');
  const ofFirst = await tab.log();
  await expect.poll(() => count(ofFirst)).toBeGreaterThan(0);
  await expect.poll(() => tab.page.evaluate(() => window.outbox.getState().outbox.pause)).not.toBeNull();
  isAway = false;
  await tab.signIn('reader-2');
  const ofSecond = await tab.log();
  await expect.poll(() => tab.waiting()).toEqual([[ofFirst, 'waiting']]);
  expect(service.stored()).toEqual([ofSecond]);
  await tab.signIn('reader-1');
  await isEmpty(tab);
  expect(service.stored()).toEqual([ofSecond, ofFirst]);
  const senders = (id: string) => service.deliveries.flatMap(one => (one.id === id ? [one.authorization] : []));
  expect([...new Set(senders(ofFirst))]).toEqual(['Bearer reader-1']);
  expect(senders(ofSecond)).toEqual(['Bearer reader-2']);
});

test('what was made while nobody had signed in waits until a reader says that it is hers', async ({ context }) => {
  service.setFaults(({ authorization }) => (authorization === '' ? { problem: 'unauthenticated' } : null));
  const tab = await newTab(context, null);
  const id = await tab.log();
  await expect.poll(() => count(id)).toBe(1);
  await tab.signIn('reader-1');
  await tab.page.waitForTimeout(300);
  expect(await tab.waiting()).toEqual([[id, 'waiting']]);
  await tab.act(id, 'claim');
  await isEmpty(tab);
  expect(service.deliveries.at(-1)).toMatchObject({ id, authorization: 'Bearer reader-1' });
});

test('where there is no data service, nothing is kept and nothing is asked again', async ({ context }) => {
  service.setPresent(false);
  const tab = await newTab(context);
  expect(await tab.presence()).toBe('absent');

  // One that was there before is expected to come back.
  service.setPresent(true);
  await tab.open(service.url);
  expect(await tab.presence()).toBe('present');
  service.setPresent(false);
  await tab.open(service.url);
  expect(await tab.presence()).toBe('present');
  const id = await tab.log();
  service.setPresent(true);
  await tab.signIn('reader-1');
  await isEmpty(tab);
  expect(service.stored()).toEqual([id]);
});

test('a browser that keeps nothing does not claim that a record is logged', async ({ context }) => {
  await context.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('denied', 'SecurityError');
    };
  });
  const tab = await newTab(context);
  await expect(tab.log()).rejects.toThrow(/cannot keep it until it is delivered \(its settings allow no storage/);
  expect(service.deliveries).toEqual([]);
});

test('a record that the contract would refuse is refused before it is kept', async ({ context }) => {
  const tab = await newTab(context);
  const logging = tab.page.evaluate(() => {
    const broken = { id: 'x', kind: 'calcium' } as unknown as Parameters<typeof window.outbox.logPrediction>[0];
    return window.outbox.logPrediction(broken, { title: 'x', studyUid: '1.2' });
  });
  await expect(logging).rejects.toThrow(/its id is not as the data service wants it/);
  expect(await tab.databaseText()).toBe('[]');
});
