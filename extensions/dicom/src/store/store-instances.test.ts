import {
  type Behaviour,
  cutOff,
  dicomJson,
  hangUp,
  instance,
  startArchive,
  status,
  storeResponse,
  type TestArchive,
} from './archive.test-support.ts';
import { askedPauseMs } from './dicom-web.ts';
import { decodeMultipart, encodeMultipart } from './multipart.ts';
import { type StoreProgress, storeInstances } from './store-instances.ts';

const one = instance('1.1', new Uint8Array(1000).fill(1));
const two = instance('1.2', new Uint8Array(2000).fill(2));
const three = instance('1.3', new Uint8Array(3000).fill(3));
const retryDelaysMs = [1, 1, 1];

let archive: TestArchive;
const start = async (...behaviours: Behaviour[]) => {
  archive = await startArchive(...behaviours);
  return { url: archive.url, retryDelaysMs };
};
afterEach(() => archive.close());

/** Says of every object sent that it is stored. */
const storesAll: Behaviour = (response, { headers, body }) => {
  const files = decodeMultipart(body, headers['content-type'] ?? '') ?? [];
  const uids = files.map(file => [one, two, three].find(({ bytes }) => bytes.length === file.length)?.sopInstanceUid);
  dicomJson(200, storeResponse(Object.fromEntries(uids.map(uid => [uid, null]))))(response, {} as never);
};
const results = (report: Awaited<ReturnType<typeof storeInstances>>) => report.outcomes.map(({ result }) => result);

test('the files arrive as they are, by STOW-RS, with the reader’s authorization', async () => {
  const options = { ...(await start(storesAll)), authorizationHeaders: () => ({ Authorization: 'Bearer a' }) };
  const report = await storeInstances([one, two], options);
  expect(report).toMatchObject({ allStored: true, message: 'All 2 objects are stored.' });
  const [request] = archive.requests;
  expect(request).toMatchObject({ method: 'POST', path: '/studies' });
  expect(request?.headers).toMatchObject({ authorization: 'Bearer a', accept: 'application/dicom+json' });
  const files = decodeMultipart(request!.body, request!.headers['content-type']!);
  expect(files?.map(file => Buffer.from(file))).toEqual([Buffer.from(one.bytes), Buffer.from(two.bytes)]);
});

test('objects share requests up to a number of bytes, in order, and progress follows', async () => {
  const progress: StoreProgress[] = [];
  const options = {
    ...(await start(storesAll)),
    maxRequestBytes: 3500,
    onProgress: (p: StoreProgress) => progress.push(p),
  };
  await storeInstances([one, two, three], options);
  const counts = archive.requests.map(({ headers, body }) => decodeMultipart(body, headers['content-type']!)?.length);
  expect(counts).toEqual([2, 1]);
  const total = one.bytes.length + two.bytes.length + three.bytes.length;
  expect(progress.map(({ doneInstances, doneBytes }) => [doneInstances, doneBytes])).toEqual([
    [0, 0],
    [2, total - three.bytes.length],
    [3, total],
  ]);
  expect(progress.at(-1)).toMatchObject({ totalInstances: 3, totalBytes: total });
});

test('nothing to store is nothing to send', async () => {
  expect(await storeInstances([], await start(status(500)))).toMatchObject({ allStored: true, outcomes: [] });
  expect(archive.requests).toHaveLength(0);
});

test.each<[string, Behaviour]>([
  ['500', status(500)],
  ['503', status(503, { 'Retry-After': '0' })],
  ['429', status(429)],
  ['408', status(408)],
  ['a connection that breaks', hangUp],
  ['an answer that is cut off', cutOff],
])('%s twice, then 200: stored with the same bytes, and a token that was renewed meanwhile', async (_name, trouble) => {
  let token = 0;
  const options = {
    ...(await start(trouble, trouble, storesAll)),
    authorizationHeaders: () => ({ Authorization: `Bearer ${++token}` }),
  };
  expect(results(await storeInstances([one], options))).toEqual(['stored']);
  expect(archive.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer 1', 'Bearer 2', 'Bearer 3']);
  const [first, , last] = archive.requests.map(({ body }) => Buffer.from(body).toString('base64'));
  expect(last).toBe(first);
});

test('an archive that fails every time is reported, and what follows is not sent', async () => {
  const report = await storeInstances([one, two], { ...(await start(status(503))), maxRequestBytes: 0 });
  expect(results(report)).toEqual(['refused', 'not sent']);
  expect(report.message).toBe(
    `0 of 2 objects are stored. The archive at ${archive.url} failed (HTTP 503, in 4 attempts). Try again later; its log says why.`,
  );
  expect(archive.requests).toHaveLength(4);
});

test('an archive that is not there is a sentence with what to do', async () => {
  const { url } = await start();
  await archive.close();
  const report = await storeInstances([one], { url, retryDelaysMs });
  expect(results(report)).toEqual(['unknown']);
  expect(report.message).toMatch(/could not be reached, or broke the connection, in 4 attempts\. Check the network/);
});

test.each<[number, RegExp]>([
  [400, /could not understand the request \(HTTP 400\)\. Its address/],
  [401, /wants a login \(HTTP 401\)\. Your session may have ended: sign in/],
  [403, /does not allow you this \(HTTP 403\)\. Ask its administrator/],
  [404, /has nothing at this address \(HTTP 404\)\. Check the data source's wadoRoot/],
  [413, /finds the request too large \(HTTP 413\)/],
  [415, /does not take DICOM files by STOW-RS/],
  [418, /refused the request \(HTTP 418\)\. Its log says why/],
  [501, /does not offer this service/],
])('%i is refused at once, in a sentence', async (code, sentence) => {
  const report = await storeInstances([one, two], { ...(await start(status(code))), maxRequestBytes: 0 });
  expect(results(report)).toEqual(['refused', 'not sent']);
  expect(report.allStored).toBe(false);
  expect(report.message).toMatch(sentence);
  expect(archive.requests).toHaveLength(1);
});

test('the archive’s own words are passed on, without its markup and never at length', async () => {
  const problem = JSON.stringify({ type: 'about:blank', status: 403, detail: 'The archive is closed on Sundays.' });
  const told = async (...behaviour: Parameters<typeof status>) => {
    const report = await storeInstances([one], await start(status(...behaviour)));
    await archive.close();
    return report.message;
  };
  expect(await told(403, { 'Content-Type': 'application/problem+json' }, problem)).toMatch(
    /\(HTTP 403\): "The archive is closed on Sundays"\. Ask/,
  );
  expect(await told(403, { 'Content-Type': 'text/html' }, '<html>Forbidden</html>')).not.toMatch(/html/i);
  expect(await told(400, { 'Content-Type': 'text/plain' }, `a\n\tb${'c'.repeat(500)}`)).toMatch(/"a bc{197}…"/);
});

test('a failed object is named with the reason in words, whatever the status; the rest is not sent', async () => {
  for (const [code, stored, failed] of [
    [200, { '1.1': null }, {}],
    [202, { '1.1': null }, {}],
    [409, {}, { '1.1': 0x0110 }],
  ] as const) {
    const named = [one, { ...two, name: 'the map of blood flow' }, three];
    const options = {
      ...(await start(dicomJson(code, storeResponse(stored, { ...failed, '1.2': 0x0122 })))),
      maxRequestBytes: 4000,
    };
    const report = await storeInstances(named, options);
    await archive.close();
    expect(results(report)[1]).toBe('refused');
    expect(results(report)[2]).toBe('not sent');
    expect(report.message).toMatch(
      /The archive refused the map of blood flow: it does not take this kind of object \(SOP class\) \(0122H\)\. .*Ask its administrator to allow this SOP class\./,
    );
    expect(archive.requests).toHaveLength(1);
  }
});

test.each([
  [0x0110, /failed while processing the object \(0110H\)/],
  [0xa701, /out of resources \(A701H\)\. Ask its administrator to make room/],
  [0xa900, /does not match its kind .* \(A900H\)/],
  [0xc001, /cannot understand the object \(C001H\)/],
  [0xc122, /does not take the transfer syntax \(C122H\)/],
  [0x1234, /a reason that DICOM does not define \(1234H\)/],
])('failure reason %i in words', async (reason, sentence) => {
  const report = await storeInstances([one], await start(dicomJson(409, storeResponse({}, { '1.1': reason }))));
  expect(report.message).toMatch(sentence);
});

test('a warning is passed on, and the object counts as stored', async () => {
  const report = await storeInstances([one], await start(dicomJson(202, [storeResponse({ '1.1': 0xb006 })])));
  expect(report).toMatchObject({
    allStored: true,
    message: 'The object is stored. The archive remarked on object 1.1: it left out some attributes (B006H).',
  });
});

test('without DICOM JSON the status counts; 202 alone does not say what was stored', async () => {
  const xml = { 'Content-Type': 'application/dicom+xml' };
  expect(results(await storeInstances([one], await start(status(200, xml, '<NativeDicomModel/>'))))).toEqual([
    'stored',
  ]);
  await archive.close();
  expect(results(await storeInstances([one], await start(dicomJson(200, {}))))).toEqual(['stored']);
  await archive.close();
  const unclear = await storeInstances([one], await start(status(202, xml, '<NativeDicomModel/>')));
  expect(unclear.allStored).toBe(false);
  expect(unclear.message).toMatch(
    /For object 1\.1 the archive gave an answer that does not say what became of it\. Reload the study to see whether the object arrived/,
  );
});

test('a web page in place of an answer, as of a login, stores nothing, though its status is 200', async () => {
  const page = status(200, { 'Content-Type': 'text/html; charset=utf-8' }, '<html><body>Sign in</body></html>');
  const report = await storeInstances([one, two], await start(page));
  expect([results(report), report.allStored]).toEqual([['unknown', 'unknown'], false]);
  expect(report.message).toMatch(
    /^0 of 2 objects are stored\. .*web page.*sign in to the viewer again, then store again/,
  );
});

test('an answer about other objects does not count for ours', async () => {
  const report = await storeInstances([one], await start(dicomJson(200, storeResponse({ '9.9': null }))));
  expect(report.allStored).toBe(false);
  expect(report.message).toMatch(/gave an answer that does not say what became of it/);
  await archive.close();
  const unnamed = { '0008119A': { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [0xc000] } }] } };
  expect((await storeInstances([one], await start(dicomJson(409, unnamed)))).message).toMatch(/C000H/);
});

test('a refusal that names nothing is one all the same', async () => {
  const report = await storeInstances([one], await start(dicomJson(400, { '00081198': { vr: 'SQ' } })));
  expect(report.message).toMatch(/The archive refused object 1\.1: it gave no reason \(HTTP 400\)\. The archive's log/);
});

describe('an archive that refuses duplicates', () => {
  const duplicate = dicomJson(409, storeResponse({}, { '1.1': 0x0111 }));
  const holds = (dataSet: Uint8Array): Behaviour => {
    // Archives write a meta group of their own.
    const { body, contentType } = encodeMultipart([instance('1.1', dataSet, 32).bytes], 'application/dicom');
    return response => {
      void body.bytes().then(bytes => status(200, { 'Content-Type': contentType }, bytes)(response, {} as never));
    };
  };

  test('holds the same object, as after an answer that was lost: stored', async () => {
    const report = await storeInstances([one], await start(cutOff, duplicate, holds(new Uint8Array(1000).fill(1))));
    expect(report.allStored).toBe(true);
    expect(archive.requests.at(-1)).toMatchObject({
      method: 'GET',
      path: '/studies/1.2/series/1.2.3/instances/1.1',
    });
  });

  test.each<[string, Behaviour]>([
    ['another object', holds(new Uint8Array(1000).fill(2))],
    ['a longer one', holds(new Uint8Array(1001).fill(1))],
    ['one that it does not hand out', status(403)],
  ])('holds %s under that UID: refused', async (_name, behaviour) => {
    const report = await storeInstances([one], await start(duplicate, behaviour));
    expect(report.allStored).toBe(false);
    expect(report.message).toMatch(/another object with the same SOP Instance UID \(0111H\)/);
  });
});

describe('cancelling', () => {
  const named = [
    { ...one, name: 'the segmentation' },
    { ...two, name: 'the report' },
    { ...three, name: 'the PDF' },
  ];
  const isCancelled = { allStored: false, isCancelled: true };

  test('while a request is on its way: names what has arrived, what may have, and what was not sent', async () => {
    const controller = new AbortController();
    const waits: Behaviour = () => controller.abort();
    const options = { ...(await start(storesAll, waits, storesAll)), signal: controller.signal, maxRequestBytes: 1 };
    const report = await storeInstances(named, options);
    expect(report).toMatchObject(isCancelled);
    expect(report.outcomes.map(({ result }) => result)).toEqual(['stored', 'unknown', 'not sent']);
    expect(report.message).toBe(
      'Storing was cancelled. Stored already: the segmentation. Perhaps stored, because under way: the report. Not sent: the PDF. Storing the same result again completes it; what has arrived is not stored twice.',
    );
    expect(archive.requests).toHaveLength(2);
    expect(await storeInstances(named, { ...options, signal: undefined })).toMatchObject({ allStored: true });
  });

  test('in the pause before the next attempt', async () => {
    const controller = new AbortController();
    const fails: Behaviour = response => {
      response.writeHead(500).end();
      setTimeout(() => controller.abort(), 50);
    };
    const report = await storeInstances([one], {
      ...(await start(fails)),
      retryDelaysMs: [60_000],
      signal: controller.signal,
    });
    expect(report).toMatchObject(isCancelled);
    expect(report.message).toMatch(/^Storing was cancelled\. Perhaps stored, because under way: object 1\.1\./);
    expect(archive.requests).toHaveLength(1);
  });

  test('before anything was sent', async () => {
    const report = await storeInstances(named, { ...(await start(storesAll)), signal: AbortSignal.abort() });
    expect(report).toMatchObject({ ...isCancelled, message: 'Storing was cancelled before anything was sent.' });
    expect(archive.requests).toHaveLength(0);
  });
});

test.each([
  ['2', 2000],
  ['0', 0],
  ['Wed, 21 Oct 2015 07:28:05 GMT', 5000],
  ['Wed, 21 Oct 2015 07:27:00 GMT', 0],
  ['86400', 30_000],
  ['soon', 0],
])('Retry-After: %s is a pause of %i ms', (value, pauseMs) => {
  const nowMs = Date.UTC(2015, 9, 21, 7, 28, 0);
  expect(askedPauseMs(new Headers({ 'Retry-After': value }), nowMs)).toBe(pauseMs);
});
