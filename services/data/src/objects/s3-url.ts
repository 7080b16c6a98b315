import { ObjectStoreError } from './errors.ts';
import { requireObjectKey } from './object-key.ts';

export interface S3Location {
  bucket: string;
  /** Null for AWS. */
  endpoint: string | null;
  region: string;
  /** Empty, or ends with `/`. */
  prefix: string;
}

const EXAMPLE = 's3://bucket?endpoint=https://s3.example.org&region=us-east-1';
const PARAMETERS = ['endpoint', 'region', 'prefix'];

/**
 * Reads `s3://bucket?endpoint=...&region=...&prefix=...`. Where the region is missing it is `AWS_REGION`, or for an endpoint that
 * is not AWS, `us-east-1`.
 * @throws ObjectStoreError that says what is wrong with the URL. It never quotes credentials.
 */
export function parseS3Url(text: string, environment: NodeJS.ProcessEnv): S3Location {
  const url = URL.canParse(text) ? new URL(text) : refuse(`the URL is malformed; write it as ${EXAMPLE}`);
  if (url.username || url.password) {
    refuse('the URL holds credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead');
  }
  const bucket = url.hostname;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket) || url.port) {
    refuse(`${JSON.stringify(url.host)} is no name of a bucket; write the URL as ${EXAMPLE}`);
  }
  if (url.pathname !== '' && url.pathname !== '/') {
    refuse('the bucket is followed by a path; write prefix=path instead');
  }
  const unknown = [...url.searchParams.keys()].find(name => !PARAMETERS.includes(name));
  if (unknown) refuse(`the parameter ${unknown} is unknown; there are ${PARAMETERS.join(', ')}`);

  const endpoint = endpointOf(url.searchParams.get('endpoint'));
  const region =
    url.searchParams.get('region') ||
    environment.AWS_REGION ||
    environment.AWS_DEFAULT_REGION ||
    (endpoint ? 'us-east-1' : '');
  if (!region) refuse('the region is missing; add region= to the URL or set AWS_REGION');
  return { bucket, endpoint, region, prefix: prefixOf(url.searchParams.get('prefix')) };
}

function endpointOf(text: string | null): string | null {
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash) {
    refuse('endpoint= must be a URL such as https://s3.example.org');
  }
  if (url.username || url.password)
    refuse('endpoint= holds credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY instead');
  return url.href;
}

function prefixOf(text: string | null): string {
  const prefix = (text ?? '').replace(/^\/+|\/+$/g, '');
  if (prefix === '') return '';
  requireObjectKey(prefix);
  return `${prefix}/`;
}

function refuse(problem: string): never {
  throw new ObjectStoreError('configuration', `OBJECT_STORE: ${problem}.`);
}
