import express from 'express';
import { dicomObject } from './dicom.test-support.ts';
import { partsOf, send, stowRequest } from './http.test-support.ts';
import { freePort, hasOrthanc, startOrthanc } from './orthanc.test-support.ts';
import { checkOrthanc, parseOrthancUrl } from './orthanc-proxy.ts';
import { cleanUp, serve, serveArchive } from './viewer.test-support.ts';

afterEach(cleanUp);

/** The viewer with this Orthanc behind it. */
const viewerOf = async (orthancUrl: string) =>
  (await serveArchive({}, { source: { orthanc: parseOrthancUrl(orthancUrl) } })).url;

test('ORTHANC_URL is taken apart', () => {
  expect(parseOrthancUrl('http://localhost:8042')).toEqual({ url: 'http://localhost:8042', auth: undefined });
  expect(parseOrthancUrl('https://a%40b:p%3As%2Fs%25@orthanc.example/behind/')).toEqual({
    url: 'https://orthanc.example/behind',
    auth: 'a@b:p:s/s%',
  });
});

test.each(['', 'localhost:8042', 'ftp://localhost', 'http://', 'http://user:100%@localhost:8042'])(
  'ORTHANC_URL "%s" is refused in one sentence, without the password',
  text => {
    expect(() => parseOrthancUrl(text)).toThrow(/^ORTHANC_URL [^\n]*$/);
    expect(() => parseOrthancUrl(text)).not.toThrow(/100%/);
  },
);

describe('with a server in Orthanc’s place', () => {
  async function echo() {
    const app = express();
    app.use((request, response) => void response.json({ url: request.originalUrl, headers: request.headers }));
    return new URL(await serve(app)).port;
  }
  interface Echo {
    url: string;
    headers: Record<string, string>;
  }

  test('the path stays, the credentials are ours, and what names the page is left out', async () => {
    const port = await echo();
    const url = await viewerOf(`http://user:secret@127.0.0.1:${port}/behind`);
    const headers = { Origin: url, Referer: `${url}/viewer`, Cookie: 'session=1', Authorization: 'Bearer theirs' };
    const answer = await send(url, '/dicom-web/studies?PatientName=A%2A', { headers });
    const seen = JSON.parse(answer.text) as Echo;
    expect(seen.url).toBe('/behind/dicom-web/studies?PatientName=A%2A');
    expect(seen.headers.authorization).toBe(`Basic ${Buffer.from('user:secret').toString('base64')}`);
    expect(seen.headers.host).toBe(`127.0.0.1:${port}`);
    expect(seen.headers.forwarded).toBe(`host=${new URL(url).host};proto=http`);
    for (const name of ['origin', 'referer', 'cookie']) expect(seen.headers).not.toHaveProperty(name);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['content-security-policy']).toMatch(/frame-ancestors/);
  });

  test('behind a proxy that ends TLS, Orthanc is told so', async () => {
    const url = await viewerOf(`http://127.0.0.1:${await echo()}`);
    const answer = await send(url, '/wado?requestType=WADO', { headers: { 'X-Forwarded-Proto': 'https' } });
    const seen = JSON.parse(answer.text) as Echo;
    expect(seen.url).toBe('/wado?requestType=WADO');
    expect(seen.headers.forwarded).toMatch(/;proto=https$/);
  });

  test.each([
    '/dicom-web/../system',
    '/dicom-web/%2e%2e/tools/execute-script',
    '/dicom-web/.%2E/system',
    '/dicom-web/studies/..%2f..%2fsystem',
    '/dicom-web/studies/..%5c..%5csystem',
    '/dicom-web/./studies',
    '/dicom-web/..',
    '/wado/../system?x=1',
  ])('%s, which would reach the rest of Orthanc, is refused', async path => {
    const url = await viewerOf(`http://127.0.0.1:${await echo()}`);
    expect((await send(url, path)).status).toBe(400);
    expect((await send(url, path, { method: 'DELETE' })).status).toBe(400);
  });

  test('nothing but DICOMweb reaches Orthanc', async () => {
    const url = await viewerOf(`http://127.0.0.1:${await echo()}`);
    for (const path of ['/system', '/instances', '/tools/reset', '/dicom-webx', '//dicom-web/studies']) {
      expect((await send(url, path, { method: 'POST' })).status).toBe(404);
    }
  });

  test('a foreign page does not reach Orthanc', async () => {
    const url = await viewerOf(`http://127.0.0.1:${await echo()}`);
    expect((await send(url, '/dicom-web/studies', { headers: { Origin: 'http://evil.example' } })).status).toBe(403);
    expect((await send(url, '/dicom-web/studies', { headers: { Host: 'evil.example' } })).status).toBe(403);
  });

  test('an answer that is cut off is cut off for the client too', async () => {
    const broken = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': 1000 });
      response.write('half', () => response.destroy());
    });
    const url = await viewerOf(broken);
    await expect(send(url, '/dicom-web/studies')).rejects.toThrow(/aborted|ECONNRESET|socket hang up/);
    expect((await send(url, '/healthz')).status).toBe(200);
  });
});

test('an Orthanc that is down is a 502 with a sentence, without credentials', async () => {
  const port = await freePort();
  const target = `http://user:secret@127.0.0.1:${port}`;
  const answer = await send(await viewerOf(target), '/dicom-web/studies');
  expect(answer.status).toBe(502);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.detail).toMatch(`Orthanc at http://127.0.0.1:${port} does not answer.`);
  expect(answer.text).not.toMatch(/secret/);
  expect(await checkOrthanc(parseOrthancUrl(target))).toMatch(/does not answer yet/);
});

const withOrthanc = hasOrthanc() ? test : test.skip;

withOrthanc(
  'Orthanc stores, finds and hands out through the viewer; its links lead back to the viewer',
  async () => {
    const orthanc = await startOrthanc({ 'rea@der': 'p:ss/w%rd' });
    const target = `http://rea%40der:p%3Ass%2Fw%25rd@127.0.0.1:${orthanc.port}`;
    const url = await viewerOf(target);
    expect(await checkOrthanc(parseOrthancUrl(target))).toBeUndefined();
    expect(await checkOrthanc(parseOrthancUrl(`http://127.0.0.1:${orthanc.port}`))).toMatch(/wants a login/);

    const object = dicomObject({ attributes: { PatientName: 'Müller^Jörg' } });
    expect((await send(url, '/dicom-web/studies', stowRequest([object.bytes]))).status).toBe(200);
    const found = await send(url, `/dicom-web/studies?StudyInstanceUID=${object.studyUid}`, {
      headers: { Accept: 'application/dicom+json' },
    });
    expect(found.datasets[0]?.['00081190']?.Value).toEqual([`${url}/dicom-web/studies/${object.studyUid}`]);

    const { port } = new URL(url);
    const base = `/dicom-web/studies/${object.studyUid}/series/${object.seriesUid}/instances/${object.uid}`;
    const json = { Accept: 'application/dicom+json', Host: `localhost:${port}` };
    const metadata = await send(url, `${base}/metadata`, { headers: json });
    expect(metadata.datasets[0]?.['7FE00010']?.BulkDataURI).toMatch(`http://localhost:${port}/dicom-web/studies/`);
    const encrypted = await send(url, `${base}/metadata`, { headers: { ...json, 'X-Forwarded-Proto': 'https' } });
    expect(encrypted.datasets[0]?.['7FE00010']?.BulkDataURI).toMatch(`https://localhost:${port}/dicom-web/studies/`);

    const frames = partsOf(await send(url, `${base}/frames/1`));
    expect(frames[0]?.body).toHaveLength(32);
    // Orthanc wants the / of the media type as it is, not as %2F.
    const whole = await send(url, `/wado?requestType=WADO&objectUID=${object.uid}&contentType=application/dicom`);
    expect(whole.body.toString('latin1', 128, 132)).toBe('DICM');
    expect((await send(url, '/dicom-web/../system')).status).toBe(400);

    await orthanc.stop();
    expect((await send(url, '/dicom-web/studies')).status).toBe(502);
  },
  30_000,
);
