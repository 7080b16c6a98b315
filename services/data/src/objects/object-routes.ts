import { siteForWriting } from '../access/sites.ts';
import type { Handler } from '../http/call.ts';
import { ServiceProblem } from '../http/service-problem.ts';
import { findRecord } from '../predictions/find-record.ts';
import type { Services } from '../services.ts';
import { beginReading, contextOfObject, readObject, uploadEncrypted } from './encrypted-objects.ts';
import { DamagedObjectError, ObjectStoreError, ObjectTooLargeError } from './errors.ts';

/** PUT /objects/{sha256}: before the record that refers to it. The same content of a site is kept once. */
export function writeObject(services: Services): Handler<'writeObject'> {
  return async call => {
    const { principal, parameters, query, mediaType } = call;
    const site = siteForWriting(principal, query.site);
    const { sha256 } = parameters;
    const uploaded = await tellProblems(() =>
      uploadEncrypted(call.bytes, {
        keys: services.keys.keys(),
        objects: services.objects,
        folder: 'objects',
        context: contextOfObject({ site, sha256 }),
        maxBytes: services.configuration.objectLimitBytes,
        signal: call.signal,
      }),
    );
    let isKept = false;
    try {
      if (uploaded.sha256 !== sha256) {
        throw new ServiceProblem(
          'digest-mismatch',
          'The content that arrived does not have the digest of the address. Send it again.',
        );
      }
      isKept = await call.audited(async (transaction, audit) => {
        const { storageKey, dataKey, sizeBytes } = uploaded;
        audit.site = site;
        audit.entities = [{ kind: 'object', id: sha256, digest: sha256 }];
        audit.detail = { sizeBytes };
        await transaction.dataKey.createMany({ data: [dataKey] });
        const { count } = await transaction.storedObject.createMany({
          data: [
            { site, sha256, sizeBytes, mediaType, storageKey, dataKeyId: dataKey.id, createdBy: principal.person },
          ],
          skipDuplicates: true,
        });
        // Another upload of the same content was first: this one's key is not needed, and stays with nobody.
        if (count === 0)
          await transaction.dataKey.updateMany({
            where: { id: dataKey.id },
            data: { wrapped: null, destroyedAt: new Date() },
          });
        return count > 0;
      });
    } finally {
      if (!isKept) await services.objects.remove(uploaded.storageKey).catch(() => {});
    }
    return {
      status: isKept ? 201 : 200,
      json: { site, sha256, sizeBytes: uploaded.sizeBytes, outcome: isKept ? 'created' : 'repeated' },
    };
  };
}

/** GET /predictions/{id}/objects/{name} */
export function readObjectOfPrediction(services: Services): Handler<'readObject'> {
  return async call => {
    const { id, name } = call.parameters;
    const { row, access } = await findRecord(services, call, id);
    if (row.shreddedAt) throw new ServiceProblem('shredded');
    const found = row.objects.find(object => object.name === name);
    if (!found) throw new ServiceProblem('not-found', 'The prediction has no object of this name.');
    const bytes = await tellProblems(async () => beginReading(await readObject(services, found.object)));
    try {
      await call.audited(async (_transaction, audit) => {
        Object.assign(audit, {
          site: row.site,
          studyUid: row.studyUid ?? undefined,
          entities: [
            { kind: 'prediction', id },
            { kind: 'object', id: found.sha256, digest: found.sha256 },
          ],
        });
        if (access.emergencyAccessId) audit.emergencyAccessId = access.emergencyAccessId;
      });
    } catch (error) {
      bytes.destroy();
      throw error;
    }
    const { mediaType, sizeBytes } = found.object;
    return { status: 200, bytes, mediaType, sizeBytes: Number(sizeBytes), fileName: name };
  };
}

/** What the object store says, for whoever sent the request: its operator finds the words in the log of the store's own check. */
async function tellProblems<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ObjectTooLargeError)
      throw new ServiceProblem('too-large', `The object is larger than ${error.maxBytes} bytes.`);
    if (error instanceof DamagedObjectError)
      throw new ServiceProblem('internal', 'The stored object is damaged. Tell your administrator.');
    if (error instanceof ObjectStoreError)
      throw new ServiceProblem(
        'unavailable',
        'The object store cannot be used right now. Send the same again: that is harmless.',
        { retryAfterS: 5 },
      );
    throw error;
  }
}
