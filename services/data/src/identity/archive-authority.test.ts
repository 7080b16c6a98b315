import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ArchiveAuthorityOptions, archiveAuthority, archiveUrlProblem } from './archive-authority.ts';
import { hasOrthanc, startOrthanc, type TestOrthanc } from './orthanc.test-support.ts';
import type { Principal } from './principal.ts';
import { testPseudonyms } from './provider.test-support.ts';
import { allOf, siteAuthority } from './study-authority.ts';

const STUDY = '1.2.826.0.1.3680043.9.7.1';
const OTHER = '1.2.826.0.1.3680043.9.7.2';
const ABSENT = '1.2.826.0.1.3680043.9.7.3';

function reader(name: string, token: string | null = `token-of-${name}`): Principal {
  const persons = testPseudonyms('person', name);
  return {
    person: persons[0]!,
    persons,
    roles: ['reader'],
    sites: ['north'],
    sessionId: null,
    token,
    expiresAt: null,
    isLocal: false,
  };
}

const anna = reader('anna');
const ben = reader('ben');
const north = (studyUid: string) => ({ site: 'north', studyUid });

(hasOrthanc() ? describe : describe.skip)('with Orthanc, which refuses by token', () => {
  let orthanc: TestOrthanc;
  const authority = (options: Partial<ArchiveAuthorityOptions> = {}) =>
    archiveAuthority({ url: orthanc.url, ...options });

  beforeAll(async () => {
    orthanc = await startOrthanc(['token-of-anna', 'second-token-of-anna']);
    await orthanc.addStudy(STUDY);
    await orthanc.addStudy(OTHER);
  }, 60_000);
  afterAll(() => orthanc?.stop());

  test('whoever it shows the study may see it, and nobody else', async () => {
    const asked = authority();
    expect(await asked.maySee(anna, north(STUDY))).toBe('yes');
    expect(await asked.maySee(ben, north(STUDY))).toBe('no');
    expect(await asked.maySee(reader('nobody', null), north(STUDY))).toBe('no');
  });

  test('a study that it does not have is not seen', async () => {
    expect(await authority().maySee(anna, north(ABSENT))).toBe('no');
  });

  test.each(['', '*', '1.2.*', `${STUDY}\\${ABSENT}`, `${ABSENT}&PatientID=P-1`, '01.2', '../studies'])(
    'what is no UID is not asked for: %j',
    async studyUid => {
      expect(await authority().maySee(anna, north(studyUid))).toBe('no');
    },
  );

  test('the site is needed as well', async () => {
    const both = allOf(siteAuthority(), authority());
    expect(await both.maySee(anna, { site: 'north', studyUid: STUDY })).toBe('yes');
    expect(await both.maySee(anna, { site: 'south', studyUid: STUDY })).toBe('no');
    expect(await both.maySee({ ...anna, sites: [] }, north(STUDY))).toBe('no');
    expect(await both.maySee(ben, north(STUDY))).toBe('no');
  });

  test('answers for many studies come in their order', async () => {
    const studies = Array.from({ length: 60 }, (_, index) => north([STUDY, ABSENT, OTHER][index % 3]!));
    const answers = await authority({ concurrency: 3 }).maySeeMany(anna, studies);
    expect(answers).toEqual(studies.map(({ studyUid }) => (studyUid === ABSENT ? 'no' : 'yes')));
  });

  test('while it hangs, nothing is said of the study; afterwards it is asked again', async () => {
    const asked = authority({ timeoutMs: 1500 });
    orthanc.freeze();
    try {
      expect(await asked.maySee(anna, north(STUDY))).toBe('unavailable');
    } finally {
      orthanc.thaw();
    }
    expect(await asked.maySee(anna, north(STUDY))).toBe('yes');
  });

  test('an answer holds while it is cached, then the archive is asked anew', async () => {
    const holding = authority({ cacheMs: 600_000 });
    const forgetting = authority({ cacheMs: 0 });
    const late = '1.2.826.0.1.3680043.9.7.4';
    expect(await holding.maySee(anna, north(late))).toBe('no');
    expect(await forgetting.maySee(anna, north(late))).toBe('no');
    await orthanc.addStudy(late);
    expect(await holding.maySee(anna, north(late))).toBe('no');
    expect(await holding.maySee({ ...anna, token: 'second-token-of-anna' }, north(late))).toBe('yes');
    expect(await forgetting.maySee(anna, north(late))).toBe('yes');
  });

  test('answers that are cached are given while it is away, and no other', async () => {
    const leaving = await startOrthanc(['token-of-anna']);
    await leaving.addStudy(STUDY);
    const asked = archiveAuthority({ url: leaving.url });
    expect(await asked.maySee(anna, north(STUDY))).toBe('yes');
    await leaving.stop();
    expect(await asked.maySee(anna, north(STUDY))).toBe('yes');
    expect(await asked.maySee(anna, north(OTHER))).toBe('unavailable');
    expect(await asked.maySee({ ...anna, token: 'second-token-of-anna' }, north(STUDY))).toBe('unavailable');
  }, 60_000);
});

describe('with an archive that answers in its own way', () => {
  const json =
    (value: unknown, type = 'application/dicom+json'): RequestListener =>
    (_request, response) => {
      response.setHeader('Content-Type', type);
      response.end(JSON.stringify(value));
    };
  const status =
    (code: number, headers: Record<string, string> = {}): RequestListener =>
    (_request, response) => {
      response.writeHead(code, headers).end();
    };
  const study = (uid: unknown) => ({ '0020000D': { vr: 'UI', Value: [uid] } });

  test.each<[string, RequestListener, string]>([
    ['the study', json([study(STUDY)]), 'yes'],
    ['nothing', json([]), 'no'],
    ['no content', status(204), 'no'],
    ['another study', json([study(OTHER)]), 'no'],
    ['a longer UID', json([study(`${STUDY}.1`)]), 'no'],
    ['401', status(401), 'no'],
    ['403', status(403), 'no'],
    ['404', status(404), 'no'],
    ['429', status(429), 'unavailable'],
    ['400', status(400), 'unavailable'],
    ['500', status(500), 'unavailable'],
    ['503', status(503), 'unavailable'],
    ['a login page', (_request, response) => response.end('<!doctype html><title>Sign in</title>'), 'unavailable'],
    ['no list', json(study(STUDY)), 'unavailable'],
    ['a list of other things', json([{ studyUid: STUDY }]), 'unavailable'],
    ['a UID that is no text', json([study(1.2)]), 'unavailable'],
    ['two megabytes', json([study(STUDY), study('1'.repeat(2_000_000))]), 'unavailable'],
    [
      'the half of an answer',
      (_request, response) => {
        response.writeHead(200, { 'Content-Length': '1000' });
        response.write('[', () => response.destroy());
      },
      'unavailable',
    ],
  ])('%s', async (_case, listener, answer) => {
    await withArchive(listener, async url => {
      expect(await archiveAuthority({ url }).maySee(anna, north(STUDY))).toBe(answer);
    });
  });

  test('the token is not taken along to where the archive redirects', async () => {
    const elsewhere: unknown[] = [];
    await withArchive(
      (request, response) => {
        elsewhere.push(request.headers);
        json([study(STUDY)])(request, response);
      },
      async other => {
        await withArchive(status(307, { Location: `${other}/studies?StudyInstanceUID=${STUDY}` }), async url => {
          expect(await archiveAuthority({ url }).maySee(anna, north(STUDY))).toBe('unavailable');
        });
      },
    );
    expect(elsewhere).toEqual([]);
  });

  test('it is asked one question with the token of the person, below its root', async () => {
    const asked: unknown[] = [];
    await withArchive(
      (request, response) => {
        asked.push([request.method, request.url, request.headers.authorization, request.headers.accept]);
        json([study(STUDY)])(request, response);
      },
      async url => {
        const authority = archiveAuthority({ url: `${url}/pacs/dicom-web/` });
        expect(await authority.maySee(anna, north(STUDY))).toBe('yes');
        expect(await authority.maySee(reader('local', null), north(STUDY))).toBe('yes');
      },
    );
    const path = `/pacs/dicom-web/studies?StudyInstanceUID=${STUDY}&limit=1`;
    expect(asked).toEqual([
      ['GET', path, 'Bearer token-of-anna', 'application/dicom+json'],
      ['GET', path, undefined, 'application/dicom+json'],
    ]);
  });

  test('the same question at the same time is one request; refusals are cached, failures are not', async () => {
    const seen: string[] = [];
    await withArchive(
      (request, response) => {
        seen.push(request.headers.authorization!);
        setTimeout(() => response.writeHead(request.headers.authorization === 'Bearer broken' ? 500 : 403).end(), 30);
      },
      async url => {
        const authority = archiveAuthority({ url });
        const ask = (principal: Principal) => authority.maySee(principal, north(STUDY));
        expect(await Promise.all([anna, anna, ben, anna, ben].map(ask))).toEqual(['no', 'no', 'no', 'no', 'no']);
        await ask(anna);
        expect(seen.splice(0).sort()).toEqual(['Bearer token-of-anna', 'Bearer token-of-ben']);

        const broken = reader('anna', 'broken');
        expect(await Promise.all([broken, broken].map(ask))).toEqual(['unavailable', 'unavailable']);
        expect(await ask(broken)).toBe('unavailable');
        expect(seen).toHaveLength(2);
      },
    );
  });

  test('no more questions than allowed are open at once, and a list has an end though the archive hangs', async () => {
    const open: ServerResponse[] = [];
    let most = 0;
    await withArchive(
      (_request, response) => {
        open.push(response);
        // Four are let wait for a fifth that must not come.
        if (open.length === 4) setTimeout(() => open.splice(0).map(one => one.writeHead(404).end()), 20);
        most = Math.max(most, open.length);
      },
      async url => {
        const studies = Array.from({ length: 40 }, (_, index) => north(`1.2.${index}`));
        const answers = await archiveAuthority({ url, concurrency: 4 }).maySeeMany(anna, studies);
        expect(answers.every(answer => answer === 'no')).toBe(true);
      },
    );
    expect(most).toBe(4);

    await withArchive(
      () => {},
      async url => {
        const studies = Array.from({ length: 200 }, (_, index) => north(`1.2.${index}`));
        const answers = await archiveAuthority({ url, concurrency: 4, timeoutMs: 200 }).maySeeMany(anna, studies);
        expect(answers).toEqual(studies.map(() => 'unavailable'));
      },
    );
  });

  test('of too many answers the oldest are forgotten', async () => {
    let requests = 0;
    await withArchive(
      (_request, response) => {
        requests++;
        response.writeHead(404).end();
      },
      async url => {
        const authority = archiveAuthority({ url, cachedAnswers: 2 });
        for (const uid of ['1.1', '1.2', '1.3', '1.3', '1.2', '1.1']) await authority.maySee(anna, north(uid));
      },
    );
    expect(requests).toBe(4);
  });
});

test.each([
  ['orthanc:8042', /http/],
  ['ftp://archive.example', /http/],
  ['http://user:secret@archive.example', /no user and password/],
  ['http://archive.example/?token=1', /no \?/],
])('a URL that cannot be used is refused with a sentence: %s', (url, sentence) => {
  expect(archiveUrlProblem(url)).toMatch(sentence);
  expect(() => archiveAuthority({ url })).toThrow(sentence);
});

async function withArchive(listener: RequestListener, work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
