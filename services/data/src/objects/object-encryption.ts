import { pipeline, Readable, type Transform } from 'node:stream';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node';
import type { DataKey } from '../keys/data-keys.ts';
import { DamagedObjectError } from './errors.ts';

/** What an object is. It is authenticated with every frame: an object in the place of another one does not open. */
export type ObjectContext = Readonly<Record<string, string>>;

const { encryptStream, decryptStream } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);

/** AES-256-GCM with key commitment. Without a signature: whoever can decrypt could sign as well. */
const SUITE = AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY;
const FRAME_BYTES = 65_536;

function keyringOf({ id, key }: DataKey): RawAesKeyringNode {
  return new RawAesKeyringNode({
    keyNamespace: 'voxelwise',
    keyName: id,
    // The SDK wants memory of its own for a key: a pooled buffer would share it.
    unencryptedMasterKey: isolated(key.export()),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
}

function isolated(bytes: Buffer): Uint8Array {
  const copy = new Uint8Array(new ArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/** Encrypts a stream in the message format of the AWS Encryption SDK, frame by frame. */
export function encryptObject(dataKey: DataKey, context: ObjectContext): Transform {
  return encryptStream(keyringOf(dataKey), {
    suiteId: SUITE,
    frameLength: FRAME_BYTES,
    encryptionContext: { ...context },
  }) as unknown as Transform;
}

/**
 * Decrypts a stream. What it releases is authenticated, frame by frame; whether it is complete shows at its end.
 * @param name what the object is called in messages
 * @returns fails with DamagedObjectError where the bytes were changed, cut off, or are those of another object
 */
export function decryptObject(dataKey: DataKey, context: ObjectContext, name: string, encrypted: Readable): Readable {
  const decrypt = decryptStream(keyringOf(dataKey));
  let isOfThisObject = false;
  decrypt.once('MessageHeader', ({ encryptionContext }: { encryptionContext: Record<string, string> }) => {
    isOfThisObject = Object.entries(context).every(([key, value]) => encryptionContext[key] === value);
  });
  const decrypted = pipeline(encrypted, decrypt as unknown as Transform, () => {});
  async function* verified(): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of decrypted) {
        if (!isOfThisObject)
          throw new DamagedObjectError(`The object ${name} is another one that was put in its place.`);
        yield chunk as Buffer;
      }
    } catch (error) {
      if (error instanceof DamagedObjectError || isOfStore(error)) throw error;
      throw new DamagedObjectError(`The object ${name} does not decrypt: its bytes were changed, or are cut off.`);
    }
    if (!isOfThisObject)
      throw new DamagedObjectError(`The object ${name} is another one that was put in its place, or empty.`);
  }
  return Readable.from(verified(), { objectMode: false });
}

/** The object store's own failures keep their words. */
function isOfStore(error: unknown): boolean {
  return error instanceof Error && error.name === 'ObjectStoreError';
}
