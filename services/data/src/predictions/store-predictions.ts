import type { PredictionInput } from '@voxelwise/contract';
import { siteForWriting } from '../access/sites.ts';
import { type Access, requireStudyAccess } from '../access/study-access.ts';
import type { Transaction } from '../database/connection.ts';
import type { AuditDetails, Call, Handler } from '../http/call.ts';
import { newDataKey } from '../keys/data-keys.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { pseudonym } from '../keys/pseudonyms.ts';
import { seal, sealedField } from '../keys/sealed-fields.ts';
import type { Services } from '../services.ts';
import { qualityOf } from '../truth/quality.ts';
import { insertPredictions, type NewPrediction } from './insert-predictions.ts';
import { requireObjects } from './object-references.ts';
import { qualityFacts } from './quality-facts.ts';
import { recordColumns, recordSha256 } from './record-content.ts';
import { assertRepeated } from './repeated.ts';

export interface Incoming {
  readonly input: PredictionInput;
  readonly site: string;
  readonly columns: ReturnType<typeof recordColumns>;
  readonly sha256: Buffer<ArrayBuffer>;
}

const NOT_READ = { status: 'unreviewed', agreement: null } as const;

/** POST /predictions: one or a batch, all or none. What was delivered before is recognized by its id and content. */
export function storePredictions(services: Services): Handler<'storePredictions'> {
  return async call => {
    const inputs = 'predictions' in call.body ? call.body.predictions : [call.body];
    const incoming = inputs.map((input): Incoming => {
      const site = siteForWriting(call.principal, input.site);
      const columns = recordColumns(input, site);
      return { input, site, columns, sha256: recordSha256(columns) };
    });
    const access = await requireAccess(services, call, incoming);
    const keys = services.keys.keys();

    const created = await call.audited(async (transaction, audit) => {
      const createdIds = await insertNew(transaction, services, call.principal.person, incoming, keys);
      const repeated = incoming.filter(({ input }) => !createdIds.has(input.id));
      if (repeated.length > 0) await assertRepeated(transaction, keys, repeated);
      await storeNotes(
        transaction,
        keys,
        incoming.filter(({ input }) => createdIds.has(input.id)),
      );

      if (access.emergencyAccessId) audit.emergencyAccessId = access.emergencyAccessId;
      const sites = [...new Set(incoming.map(({ site }) => site))];
      audit.bySite = sites.map(site => eventOfSite(site, incoming, createdIds));
      return createdIds;
    });

    for (const { input } of incoming) {
      services.metrics.predictions.inc({ kind: input.kind, outcome: created.has(input.id) ? 'created' : 'repeated' });
    }
    return {
      status: created.size > 0 ? 201 : 200,
      json: { results: inputs.map(({ id }) => ({ id, outcome: created.has(id) ? 'created' : 'repeated' })) },
    };
  };
}

function eventOfSite(site: string, incoming: readonly Incoming[], createdIds: ReadonlySet<string>): AuditDetails {
  const ofSite = incoming.filter(one => one.site === site);
  const studyUids = new Set(ofSite.map(({ input }) => input.image.studyUid));
  const created = ofSite.filter(({ input }) => createdIds.has(input.id)).length;
  return {
    site,
    ...(studyUids.size === 1 && { studyUid: [...studyUids][0]! }),
    entities: ofSite.map(({ input, sha256 }) => ({
      kind: 'prediction',
      id: input.id,
      digest: sha256.toString('hex'),
    })),
    detail: { created, repeated: ofSite.length - created },
  };
}

/** Every study of the batch must be visible to the caller. */
async function requireAccess(
  services: Services,
  call: Call<'storePredictions'>,
  incoming: readonly Incoming[],
): Promise<Access> {
  const studies = new Map(
    incoming.map(({ site, input }) => [`${site} ${input.image.studyUid}`, { site, studyUid: input.image.studyUid }]),
  );
  const accesses = await Promise.all([...studies.values()].map(study => requireStudyAccess(services, call, study)));
  return accesses.find(({ emergencyAccessId }) => emergencyAccessId !== null) ?? { emergencyAccessId: null };
}

/** Inserts what is not there yet, and returns its ids. */
async function insertNew(
  transaction: Transaction,
  { configuration }: Services,
  person: string,
  incoming: readonly Incoming[],
  keys: KeyRing,
): Promise<ReadonlySet<string>> {
  const rows = incoming.map(({ input, site, columns, sha256 }): NewPrediction => {
    const quality = qualityOf(qualityFacts(columns, NOT_READ));
    return {
      ...columns,
      createdBy: person,
      recordSha256: sha256,
      patient: patientPseudonym(keys, site, input.subject),
      accession: accessionPseudonym(keys, site, input.subject),
      quality: quality.score,
      qualityReasons: quality.reasons,
      consent: input.consent ?? 'not-recorded',
      retentionUntil: retentionOf(input, configuration.retentionDays),
    };
  });
  const ids = await insertPredictions(transaction, rows);
  await requireObjects(
    transaction,
    incoming
      .filter(({ input }) => ids.has(input.id))
      .map(({ input, site }) => ({ predictionId: input.id, site, objects: input.objects ?? [] })),
  );
  return ids;
}

/** Free text, sealed with a data key of the record's own. */
async function storeNotes(transaction: Transaction, keys: KeyRing, created: readonly Incoming[]): Promise<void> {
  for (const { input } of created) {
    if (input.note === undefined) continue;
    const { dataKey, row } = newDataKey(keys);
    await transaction.dataKey.createMany({ data: [row] });
    const noteSealed = seal(sealedField('prediction', 'note_sealed', input.id, dataKey), input.note);
    await transaction.prediction.updateMany({ where: { id: input.id }, data: { noteSealed, dataKeyId: dataKey.id } });
  }
}

type Subject = PredictionInput['subject'];

/** A patient id means a person where it was issued; without an issuer that is the site. */
function issuedAt(site: string, { issuerOfPatientId }: Subject): string {
  return issuerOfPatientId ? `issuer ${issuerOfPatientId}` : `site ${site}`;
}

export function patientPseudonym(keys: KeyRing, site: string, subject: Subject): string | null {
  const { patientId } = subject;
  return patientId ? pseudonym(keys, 'patient', JSON.stringify([issuedAt(site, subject), patientId])) : null;
}

export function accessionPseudonym(keys: KeyRing, site: string, { accessionNumber }: Subject): string | null {
  return accessionNumber ? pseudonym(keys, 'accession', JSON.stringify([`site ${site}`, accessionNumber])) : null;
}

function retentionOf(input: PredictionInput, retentionDays: number | null): Date | null {
  if (input.retentionUntil) return new Date(`${input.retentionUntil}T00:00:00Z`);
  return retentionDays === null ? null : new Date(Date.now() + retentionDays * 86_400_000);
}
