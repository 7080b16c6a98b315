import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HOFF_2001, PERCENTILE_FORMAT } from '../core/index.ts';
import { EXAMPLE_PERCENTILES, loadSitePercentiles } from './site-percentiles.ts';

const FILES: Record<string, string> = {
  '/good.json': JSON.stringify({ format: PERCENTILE_FORMAT, ...HOFF_2001, name: 'Our town' }),
  '/bad.json': JSON.stringify({ format: PERCENTILE_FORMAT, ...HOFF_2001, percentiles: [75, 25] }),
  '/page.html': '<!doctype html><title>Not found</title>',
};

let server: Server;
let base = '';
beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    const text = FILES[url];
    response.writeHead(text === undefined ? 404 : 200).end(text);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/viewer?StudyInstanceUIDs=1.2`;
});
afterAll(() => new Promise(resolve => server.close(resolve)));

const configured = (percentileTable?: unknown) => ({ appConfig: { '@voxelwise/calcium': { percentileTable } } });

test('without a setting the example is used', async () => {
  for (const host of [{ appConfig: {} }, { appConfig: { '@voxelwise/calcium': 1 } }, configured(), configured('')]) {
    expect(await loadSitePercentiles(host, base)).toBe(EXAMPLE_PERCENTILES);
  }
});

test('the table that the site names is read, by an address beside the page or a whole one', async () => {
  for (const address of ['/good.json', new URL('/good.json', base).href]) {
    const { table, problem } = await loadSitePercentiles(configured(address), base);
    expect([table?.name, problem]).toEqual(['Our town', '']);
  }
});

test.each<[string, unknown, RegExp]>([
  ['is not there', '/missing.json', /"\/missing\.json" cannot be used: the server answered 404/],
  ['is no JSON', '/page.html', /it is not JSON/],
  ['has a problem', '/bad.json', /percentiles must be numbers between 0 and 100/],
  ['is no address', 7, /its address must be a text/],
  ['cannot be reached', 'http://127.0.0.1:9/table.json', /cannot be used: /],
])('a table that %s gives no percentile and a sentence, never another table', async (_, address, sentence) => {
  const { table, problem } = await loadSitePercentiles(configured(address), base);
  expect(table).toBeNull();
  expect(problem).toMatch(sentence);
});
