import { errorCode, errorMessage } from '../user-error.ts';
import { ObjectStoreError } from './errors.ts';

interface S3Failure {
  name?: string;
  $metadata?: { httpStatusCode?: number };
}

/** Failures of the connection, by Node's code or the name that AWS's SDK gives. */
const CONNECTION = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'its host name is unknown'],
  ['EAI_AGAIN', 'its host name cannot be looked up'],
  ['EHOSTUNREACH', 'there is no route to it'],
  ['ENETUNREACH', 'there is no route to it'],
  ['ECONNRESET', 'it closed the connection'],
  ['EPIPE', 'it closed the connection'],
  ['ERR_STREAM_PREMATURE_CLOSE', 'it closed the connection'],
  ['ETIMEDOUT', 'it did not answer in time'],
  ['TimeoutError', 'it did not answer in time'],
  ['EPROTO', 'it does not speak TLS; check http or https'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted; set NODE_EXTRA_CA_CERTS'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is not trusted; set NODE_EXTRA_CA_CERTS'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'its certificate is not trusted; set NODE_EXTRA_CA_CERTS'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
]);

const CREDENTIALS = new Set(['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'ExpiredToken', 'InvalidToken']);
const FULL = new Set(['QuotaExceeded', 'EntityTooLarge', 'InsufficientStorage', 'XMinioStorageFull', 'StorageFull']);

/**
 * What went wrong with a request to S3, as a sentence for the operator. Errors that are not from S3 or the way to it, such as
 * those of the stream that is stored, stay as they are.
 * @param store its URL, @param bucket its bucket.
 */
export function s3Error(store: string, bucket: string, error: unknown): unknown {
  if (error instanceof ObjectStoreError) return error;
  const { name = '', $metadata } = (error ?? {}) as S3Failure;
  const status = $metadata?.httpStatusCode;
  const from = (problem: ObjectStoreError['problem'], sentence: string) =>
    new ObjectStoreError(problem, `The object store ${store} cannot be used: ${sentence}.`, { cause: error });

  if (name === 'CredentialsProviderError') {
    return from('configuration', 'there are no credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  }
  if (status === undefined) {
    const connection = connectionFailure(error);
    return connection ? from('unreachable', connection) : error;
  }

  if (name === 'NoSuchBucket') return from('configuration', `there is no bucket ${bucket}`);
  if (CREDENTIALS.has(name)) return from('refused', `it does not accept the access key or its secret (${name})`);
  if (FULL.has(name) || status === 507) return from('full', 'it has no room left');
  if (status === 301 || name === 'PermanentRedirect' || name === 'AuthorizationHeaderMalformed') {
    return from('configuration', `the bucket is in another region; set region= in its URL (${name})`);
  }
  if (status === 401 || status === 403) {
    return from(
      'refused',
      `it refuses access to the bucket; check the rights of the access key and its secret (${name})`,
    );
  }
  if (status >= 500) return from('unreachable', `it failed with status ${status} (${name})`);
  return from('configuration', `it refuses the request with status ${status} (${name}: ${errorMessage(error)})`);
}

/** The SDK wraps errors of the connection: the code is a property, a part of the message, or the name of the cause. */
function connectionFailure(error: unknown): string | undefined {
  const { name, cause } = error as Error;
  const words = `${errorCode(error)} ${name} ${errorMessage(error)} ${(cause as Error | undefined)?.name}`.split(
    /[\s:]+/,
  );
  return words.map(word => CONNECTION.get(word)).find(sentence => sentence !== undefined);
}
