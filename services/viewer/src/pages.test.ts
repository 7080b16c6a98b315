import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { servePages } from './pages.ts';

describe('pages beside OHIF', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'voxelwise-pages-'));
  let url = '';
  let close = async () => {};

  beforeAll(async () => {
    mkdirSync(path.join(folder, 'examples', 'compute'), { recursive: true });
    writeFileSync(path.join(folder, 'bench.html'), '<title>bench</title>');
    writeFileSync(path.join(folder, 'examples', 'compute', 'index.html'), '<title>example</title>');
    ({ url, close } = await servePages(folder));
  });
  afterAll(async () => {
    await close();
    rmSync(folder, { recursive: true });
  });

  it('are isolated from other origins, which gives them shared memory', async () => {
    for (const page of ['/bench.html', '/examples/compute/', '/bench/peers.json']) {
      const { status, headers } = await fetch(url + page);
      expect(status).toBe(200);
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
      expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    }
  });

  it('name the installed libraries that the benchmark compares with, and serve their browser builds', async () => {
    const peers = (await (await fetch(`${url}/bench/peers.json`)).json()) as Record<
      string,
      { version: string; url: string }
    >;
    expect(Object.keys(peers)).toEqual(['opencv-js', 'gpu.js', 'niivue']);
    for (const { version, url: file } of Object.values(peers)) {
      expect(version).toMatch(/^\d+\.\d+\.\d+/);
      const response = await fetch(url + file);
      expect(response.headers.get('content-type')).toContain('javascript');
      expect((await response.text()).length).toBeGreaterThan(100_000);
    }
  });

  it('leave what is not theirs to the next handler', async () => {
    expect((await fetch(`${url}/viewer`)).status).toBe(404);
    expect((await fetch(`${url}/bench/peers/other.js`)).status).toBe(404);
  });

  it('are refused to pages of another origin', async () => {
    const { status } = await fetch(`${url}/bench.html`, { headers: { origin: 'https://elsewhere.example' } });
    expect(status).toBe(403);
  });
});
