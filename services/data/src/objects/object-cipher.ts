import { finished, PassThrough, pipeline, type Readable, type Transform } from 'node:stream';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  type MessageHeader,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node';
import type { DataKey } from '../keys/data-keys.ts';
import { errorMessage } from '../user-error.ts';
import { DamagedObjectError, ObjectStoreError } from './errors.ts';
import { withErrors } from './store-streams.ts';

/**
 * What an object is, authenticated with its content and readable in the stored bytes: nothing about a patient, and no digest of
 * the content belongs here.
 */
export interface EncryptionContext {
  readonly site: string;
  readonly purpose: 'object' | 'export';
  readonly storageKey: string;
}

/** Plain bytes are released frame by frame, each authenticated. Larger frames are faster, and take more memory. */
const FRAME_BYTES = 64 * 1024;

const { encryptStream, decryptUnsignedMessageStream } = buildClient({
  commitmentPolicy: CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
  maxEncryptedDataKeys: 1,
});

/**
 * Encrypts a stream in the message format of the AWS Encryption SDK: AES-256-GCM in frames, with key commitment. An error of
 * the source ends the result with the same error, and whoever leaves the result early ends the source.
 */
export function encrypted(source: Readable, dataKey: DataKey, context: EncryptionContext): Readable {
  const cipher = encryptStream(keyring(dataKey), {
    // Without a signature: who can read an object may also write it, and frames need not wait for the end.
    suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
    encryptionContext: asRecord(context),
    frameLength: FRAME_BYTES,
  });
  return throughCipher(source, cipher);
}

export interface DecryptOptions {
  /** What the object is called in errors. */
  name: string;
  /** Looks at the plain bytes on their way and may end them with an error. */
  check?: Transform;
}

/**
 * Decrypts what {@link encrypted} made. Every byte it gives was authenticated and belongs to this context.
 * @throws DamagedObjectError (the stream ends with it) where anything was changed, cut off, or put in place of another object.
 */
export function decrypted(
  source: Readable,
  dataKey: DataKey,
  context: EncryptionContext,
  { name, check = new PassThrough() }: DecryptOptions,
): Readable {
  const decipher = decryptUnsignedMessageStream(keyring(dataKey), { maxBodySize: FRAME_BYTES });
  decipher.once('MessageHeader', ({ encryptionContext }: MessageHeader) => {
    const expected = asRecord(context);
    const wrong = Object.keys(expected).filter(key => encryptionContext[key] !== expected[key]);
    if (wrong.length > 0) decipher.destroy(new Error(`it was stored as another ${wrong.join(' and ')}`));
  });
  return withErrors(throughDecipher(source, decipher, check), error => {
    if (error instanceof ObjectStoreError) return error;
    return new DamagedObjectError(`${name} is damaged: ${errorMessage(error)}`, { cause: error });
  });
}

function keyring({ id, key }: DataKey): RawAesKeyringNode {
  return new RawAesKeyringNode({
    keyNamespace: 'voxelwise',
    keyName: id,
    // The SDK asks for memory that nobody else uses, since it may overwrite it.
    unencryptedMasterKey: new Uint8Array(key.export()),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
}

function asRecord({ site, purpose, storageKey }: EncryptionContext): Record<string, string> {
  return { site, purpose, 'storage-key': storageKey };
}

/**
 * Leads a stream through the SDK's encryption, which must never be destroyed: it would throw where nobody can catch. Where it is
 * to stop, it is ended instead, and what it still gives is passed over.
 */
function throughCipher(source: Readable, cipher: NodeJS.ReadWriteStream): Readable {
  const result = new PassThrough();
  const stop = (error?: Error | null) => {
    if (!error) return;
    source.unpipe(cipher);
    cipher.unpipe(result);
    cipher.end();
    cipher.resume();
    source.destroy();
    result.destroy(error);
  };
  cipher.on('error', stop);
  finished(source, { writable: false }, stop);
  finished(result, stop);
  source.pipe(cipher).pipe(result);
  return result;
}

/** Leads a stream through the SDK's decryption. It also tells errors after it was destroyed; those are passed over. */
function throughDecipher(source: Readable, decipher: NodeJS.ReadWriteStream, result: Transform): Readable {
  decipher.on('error', () => {});
  pipeline(source, decipher, result, () => {});
  return result;
}
