import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { DEFAULT_OHIF_VERSION, stockOhif } from './stock-ohif.ts';
import { UserError } from './user-error.ts';
import { cleanUp, pretendOhif, serve, temporaryFolder } from './viewer.test-support.ts';

afterEach(cleanUp);

// A tar archive with one file, package/dist/index.html, gzipped: an npm package, as small as they get.
function tarball(content: string): Buffer {
  const entry = (name: string, text: string): Buffer => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write('0000644\0', 100);
    header.write('0000000\0', 108);
    header.write('0000000\0', 116);
    header.write(`${text.length.toString(8).padStart(11, '0')}\0`, 124);
    header.write('00000000000\0', 136);
    header.write('        ', 148);
    header.write('0', 156);
    header.write('ustar\u000000', 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    return Buffer.concat([header, Buffer.from(text.padEnd(Math.ceil(text.length / 512) * 512, '\0'))]);
  };
  const manifest = JSON.stringify({ name: '@ohif/app', version: DEFAULT_OHIF_VERSION });
  const files = [entry('package/package.json', manifest), entry('package/dist/index.html', content)];
  return gzipSync(Buffer.concat([...files, Buffer.alloc(1024)]));
}

/** An npm registry that has one package, with this tarball. */
async function registryWith(tar: Buffer, answer?: RequestListener): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const url = await serve((request, response) => {
    requests.push(request.url ?? '');
    if (answer) return answer(request, response);
    if (request.url?.endsWith('.tgz')) return void response.end(tar);
    const version = {
      name: '@ohif/app',
      version: DEFAULT_OHIF_VERSION,
      dist: { tarball: `http://${request.headers.host}/app.tgz` },
    };
    const versions = { [DEFAULT_OHIF_VERSION]: version };
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ name: '@ohif/app', 'dist-tags': { latest: DEFAULT_OHIF_VERSION }, versions }));
  });
  return { url: `${url}/`, requests };
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  const { message } = error as Error;
  expect(message).not.toContain('\n');
  return message;
}

test('the tarball with the expected hash is extracted once, and then used without network', async () => {
  const tar = tarball('<title>a viewer</title>');
  const integrity = `sha512-${createHash('sha512').update(tar).digest('base64')}`;
  const { url, requests } = await registryWith(tar);
  const cache = await temporaryFolder();
  const dist = await stockOhif(DEFAULT_OHIF_VERSION, cache, { registry: url, integrity });
  expect(dist).toBe(path.join(cache, `ohif-app-${DEFAULT_OHIF_VERSION}`, 'dist'));
  expect(await readFile(path.join(dist, 'index.html'), 'utf8')).toBe('<title>a viewer</title>');
  expect(await readdir(cache)).toEqual([`ohif-app-${DEFAULT_OHIF_VERSION}`]); // no download cache beside it
  const asked = requests.length;
  expect(asked).toBeGreaterThan(0);
  expect(await stockOhif(DEFAULT_OHIF_VERSION, cache, { registry: url, integrity })).toBe(dist);
  expect(requests).toHaveLength(asked);
});

test('a tarball with another hash than the pinned one is thrown away', async () => {
  const { url, requests } = await registryWith(tarball(randomBytes(300_000).toString('hex')));
  const cache = await temporaryFolder();
  const message = await failureOf(stockOhif(DEFAULT_OHIF_VERSION, cache, { registry: url }));
  expect(message).toMatch(/does not have the expected hash/);
  expect(requests.some(one => one.endsWith('.tgz'))).toBe(true);
  expect(await readdir(cache)).toEqual([]);
});

test('a registry that cannot be reached is named as the reason', async () => {
  const closed = await new Promise<number>(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
  const cache = await temporaryFolder();
  const registry = `http://127.0.0.1:${closed}/`;
  expect(await failureOf(stockOhif(DEFAULT_OHIF_VERSION, cache, { registry }))).toMatch(
    /registry cannot be reached \(ECONNREFUSED\)/,
  );
  expect(await readdir(cache)).toEqual([]);
});

test.each([
  [404, /registry does not have the OHIF viewer/],
  [401, /wants a login/],
  [503, /registry cannot be reached \(E503\)/],
])('a registry that answers %i becomes one sentence', async (status, sentence) => {
  const { url } = await registryWith(Buffer.alloc(0), (_request, response) => {
    response.writeHead(status).end('{}');
  });
  const cache = await temporaryFolder();
  expect(await failureOf(stockOhif(DEFAULT_OHIF_VERSION, cache, { registry: url }))).toMatch(sentence);
  expect(await readdir(cache)).toEqual([]);
});

test('a download that breaks off leaves nothing behind', async () => {
  const tar = tarball('x'.repeat(100_000));
  const { url } = await registryWith(tar, (request, response) => {
    if (!request.url?.endsWith('.tgz')) {
      const dist = { tarball: `http://${request.headers.host}/app.tgz` };
      const versions = { [DEFAULT_OHIF_VERSION]: { name: '@ohif/app', version: DEFAULT_OHIF_VERSION, dist } };
      response.end(JSON.stringify({ name: '@ohif/app', 'dist-tags': {}, versions }));
      return;
    }
    response.writeHead(200, { 'Content-Length': tar.length });
    response.write(tar.subarray(0, 100), () => response.destroy());
  });
  const cache = await temporaryFolder();
  await failureOf(stockOhif(DEFAULT_OHIF_VERSION, cache, { registry: url }));
  expect(await readdir(cache)).toEqual([]);
});

test.each(['9.9.9', 'latest', 'toString', '../3.13.2'])('the unknown version %s is refused', async version => {
  const cache = await temporaryFolder();
  expect(await failureOf(stockOhif(version, cache, { integrity: 'sha512-' }))).toMatch(/not one of the versions/);
  expect(await readdir(cache)).toEqual([]);
});

test('what dead runs left is removed, what a running one is writing stays', async () => {
  const data = await temporaryFolder();
  const dist = await pretendOhif(data);
  const cache = path.join(data, 'ohif');
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  const alive = process.ppid;
  for (const id of [ended, alive]) await mkdir(path.join(cache, `ohif-app-3.12.10.part-${id}-0a1b2c3d`));
  // No registry at all: the cache answers.
  expect(await stockOhif(DEFAULT_OHIF_VERSION, cache, { registry: 'http://127.0.0.1:9/' })).toBe(dist);
  expect((await readdir(cache)).sort()).toEqual([
    `ohif-app-3.12.10.part-${alive}-0a1b2c3d`,
    `ohif-app-${DEFAULT_OHIF_VERSION}`,
  ]);
});

test('a cache folder that cannot be one becomes one sentence', async () => {
  const file = path.join(await temporaryFolder(), 'file');
  await writeFile(file, '');
  const { url, requests } = await registryWith(tarball(''));
  const message = await failureOf(stockOhif(DEFAULT_OHIF_VERSION, path.join(file, 'cache'), { registry: url }));
  expect(message).toMatch(/cannot be written to .*: ENOTDIR/);
  expect(requests).toEqual([]);
});
