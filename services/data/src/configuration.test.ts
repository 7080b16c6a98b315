import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfiguration } from './configuration.ts';
import { UserError } from './user-error.ts';

function problemsOf(environment: Record<string, string>): string[] {
  try {
    readConfiguration(environment);
  } catch (error) {
    if (error instanceof UserError) return error.message.split('\n').slice(1);
    throw error;
  }
  return [];
}

test('nothing set is local mode on loopback, with defaults', () => {
  const configuration = readConfiguration({});
  expect(configuration).toMatchObject({
    host: '127.0.0.1',
    port: 8090,
    oidc: null,
    trustedProxyHops: 0,
    allowedOrigins: [],
  });
});

test('an empty variable is one that is not set', () => {
  expect(readConfiguration({ PORT: '', OIDC_ISSUER: '' }).port).toBe(8090);
});

test('every problem is listed at once', () => {
  const problems = problemsOf({
    PORT: 'eight',
    DATABASE_URL: 'mysql://x',
    OIDC_ISSUER: 'https://id.example.org',
    ALLOWED_ORIGINS: 'https://a.example.org/,*',
    TRUSTED_PROXY_HOPS: '-1',
    WORKER: 'perhaps',
    OIDC_ROLE_MAP: '{"radiologist": "king"}',
  });
  for (const name of [
    'PORT',
    'DATABASE_URL',
    'OIDC_AUDIENCE',
    'ALLOWED_ORIGINS',
    'TRUSTED_PROXY_HOPS',
    'WORKER',
    'OIDC_ROLE_MAP',
  ]) {
    expect(problems.filter(problem => problem.includes(name))).not.toEqual([]);
  }
});

test.each([
  ['a network without sign-in', { HOST: '0.0.0.0' }, 'nobody would have to sign in'],
  ['a proxy without sign-in', { TRUSTED_PROXY_HOPS: '1' }, 'nobody would have to sign in'],
  [
    'an http issuer elsewhere',
    { OIDC_ISSUER: 'http://id.example.org', OIDC_AUDIENCE: 'voxelwise' },
    'must begin with https',
  ],
  ['an issuer with a password', { OIDC_ISSUER: 'https://a:b@id.example.org', OIDC_AUDIENCE: 'x' }, 'OIDC_ISSUER'],
  ['an archive with a password', { ARCHIVE_URL: 'http://a:b@orthanc:8042/dicom-web' }, 'ARCHIVE_URL must have no user'],
  ['an archive that is no address', { ARCHIVE_URL: 'orthanc' }, 'ARCHIVE_URL is not'],
  [
    'one role for both',
    { DATABASE_URL: 'postgres://a@h/d', MIGRATION_DATABASE_URL: 'postgres://a@h/d' },
    'different roles',
  ],
  ['symmetric algorithms', { OIDC_ALGORITHMS: 'HS256' }, 'OIDC_ALGORITHMS'],
  ['no algorithm at all', { OIDC_ALGORITHMS: 'none' }, 'OIDC_ALGORITHMS'],
  ['two places of keys', { KEYS_FILE: '/k', KEYS_JSON: '{}' }, 'KEYS_FILE and KEYS_JSON'],
])('%s is refused', (_what, environment, sentence) => {
  expect(problemsOf(environment).join('\n')).toContain(sentence);
});

test('values are never shown: they may be secrets', () => {
  expect(problemsOf({ DATABASE_URL: 'mysql://root:hunter2@h' }).join('\n')).not.toContain('hunter2');
});

test('a secret comes from a file, without the line break at its end', () => {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'configuration-')), 'url');
  writeFileSync(file, 'postgres://app:secret@db/voxelwise\n');
  expect(readConfiguration({ DATABASE_URL_FILE: file }).databaseUrl).toBe('postgres://app:secret@db/voxelwise');
  expect(problemsOf({ DATABASE_URL_FILE: `${file}.missing` }).join('\n')).toContain(
    'DATABASE_URL_FILE names a file that cannot be read',
  );
});

test('without a data folder everything that is missing is listed together with everything that is wrong', () => {
  const problems = () => readConfiguration({ PORT: 'eight' }, ['database', 'objects', 'keys', 'identity']);
  for (const name of ['PORT', 'DATABASE_URL', 'OBJECT_STORE', 'KEYS_FILE', 'OIDC_ISSUER'])
    expect(problems).toThrow(new RegExp(`- ${name} `));
});
