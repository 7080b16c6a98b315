import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { siteForWriting } from '../access/sites.ts';
import type { Database } from '../database/connection.ts';
import type { Call, Handler } from '../http/call.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import { findRecord } from '../predictions/find-record.ts';
import type { Services } from '../services.ts';
import { type ObjectContext, readObject, storeObject } from './encrypted-objects.ts';
import { DamagedObjectError, DigestMismatchError, ObjectStoreError, ObjectTooLargeError } from './errors.ts';

/** What objects need of the services. */
export function objectContext({
  database,
  objects,
  keys,
}: Pick<Services, 'database' | 'objects' | 'keys'>): ObjectContext {
  return { db: database, store: objects, keys };
}

/** PUT /objects/{sha256}: before the record that refers to it. The same content of a site is kept once. */
export function writeObject(services: Services): Handler<'writeObject'> {
  return async call => {
    const { principal, parameters, query, mediaType, bytes, signal } = call;
    const site = siteForWriting(principal, query.site);
    const { sha256 } = parameters;
    const request = {
      site,
      sha256,
      mediaType,
      createdBy: principal.person,
      maxBytes: services.configuration.objectLimitBytes,
    };
    const context = { ...objectContext(services), db: auditedDatabase(services.database, call, site) };
    const { created, sizeBytes } = await tellProblems(() => storeObject(context, request, bytes, { signal }));
    return {
      status: created ? 201 : 200,
      json: { site, sha256, sizeBytes, outcome: created ? 'created' : 'repeated' },
    };
  };
}

/** The database, where the transaction that makes the object known also holds the audit event of the call. */
function auditedDatabase(database: Database, call: Call<'writeObject'>, site: string): Database {
  return {
    ...database,
    transaction: work =>
      call.audited((transaction, audit) => {
        const { sha256 } = call.parameters;
        Object.assign(audit, { site, entities: [{ kind: 'object', id: sha256, digest: sha256 }] });
        return work(transaction);
      }),
  };
}

/** GET /predictions/{id}/objects/{name} */
export function readObjectOfPrediction(services: Services): Handler<'readObject'> {
  return async call => {
    const { id, name } = call.parameters;
    const { row, access } = await findRecord(services, call, id);
    if (row.shreddedAt) throw new ServiceProblem('shredded');
    const found = row.objects.find(object => object.name === name);
    const object = found && (await tellProblems(() => readObject(objectContext(services), found)));
    if (!object) throw new ServiceProblem('not-found', 'The prediction has no object of this name.');
    const { stream, sha256, mediaType, sizeBytes } = object;
    try {
      await tellProblems(() => firstByte(stream));
      await call.audited(async (_transaction, audit) => {
        Object.assign(audit, {
          site: row.site,
          studyUid: row.studyUid ?? undefined,
          entities: [
            { kind: 'prediction', id },
            { kind: 'object', id: sha256, digest: sha256 },
          ],
        });
        if (access.emergencyAccessId) audit.emergencyAccessId = access.emergencyAccessId;
      });
    } catch (error) {
      stream.destroy();
      throw error;
    }
    return { status: 200, bytes: stream, mediaType, sizeBytes, fileName: name };
  };
}

/** Waits for the beginning of a stream: what is wrong with it from the start is told instead of an answer that breaks off. */
async function firstByte(stream: Readable): Promise<void> {
  if (stream.readableLength === 0 && !stream.readableEnded) await once(stream, 'readable');
}

async function tellProblems<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ObjectTooLargeError)
      throw new ServiceProblem('too-large', `The object is larger than ${error.maxBytes} bytes.`);
    if (error instanceof DigestMismatchError) {
      throw new ServiceProblem(
        'digest-mismatch',
        'The content that arrived does not have the digest of the address. Send it again.',
      );
    }
    if (error instanceof DamagedObjectError)
      throw new ServiceProblem('internal', 'The stored object is damaged. Tell your administrator.');
    if (error instanceof ObjectStoreError) {
      throw new ServiceProblem(
        'unavailable',
        'The object store cannot be used right now. Send the same again: that is harmless.',
        { retryAfterS: 5 },
      );
    }
    throw error;
  }
}
