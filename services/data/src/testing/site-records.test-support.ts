import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { MASK_MEDIA_TYPE, type PredictionInput, type Role } from '@voxelwise/contract';
import { sealAudit } from '../audit/sealer.ts';
import { outsideHeadsOf } from '../audit/start-sealing.ts';
import { auditSigner } from '../audit/tree-head.ts';
import { calciumPrediction, type TestPerson, type TestService } from './service.test-support.ts';

/** A site with a record of every sort, and words that are in them and nowhere else. */
export interface SiteRecords {
  readonly site: string;
  /** In every text and name of the site's records. */
  readonly marker: string;
  /** Beginning of all its UIDs. */
  readonly uidRoot: string;
  readonly studyUid: string;
  readonly predictions: { readonly [Kind in PredictionInput['kind']]: string };
  readonly objectName: string;
  readonly objectSha256: string;
  readonly objectSizeBytes: number;
  readonly exportId: string;
  readonly exportFiles: readonly string[];
  readonly emergencyId: string;
  readonly auditEventId: string;
  /** Cursors that the site's own people were given. */
  readonly cursors: readonly string[];
  /** Everything of the site that another one must never be shown. */
  readonly secrets: readonly string[];
}

export const personOf = (site: string, role: Role, name = `${role}-of-${site}`): TestPerson => ({
  name,
  roles: [role],
  sites: [site],
});

/** Seals the audit trail as the worker does every minute. */
export async function sealAuditNow({ running: { services } }: TestService): Promise<void> {
  const signer = auditSigner(services.keys.keys());
  await sealAudit(services.database, { signer, outside: await outsideHeadsOf(services) });
}

/** Fills a site as its people would: by requests. */
export async function fillSite(service: TestService, site: string): Promise<SiteRecords> {
  const marker = `Mark-${site}-${randomUUID().slice(0, 8)}`;
  const uidRoot = `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`.slice(0, 40);
  const studyUid = `${uidRoot}.1`;
  const ask = async (role: Role, method: string, target: string, json?: unknown) => {
    const answer = await service.request(method, target, {
      as: personOf(site, role),
      ...(json !== undefined && { json }),
    });
    if (answer.status >= 300) throw new Error(`${method} ${target}: ${answer.text}`);
    return answer.json;
  };

  const mask = Buffer.from(`${marker} mask`);
  const objectSha256 = createHash('sha256').update(mask).digest('hex');
  const uploaded = await service.request('PUT', `/objects/${objectSha256}`, {
    as: personOf(site, 'service'),
    bytes: mask,
    mediaType: MASK_MEDIA_TYPE,
  });
  if (uploaded.status >= 300) throw new Error(uploaded.text);

  const inputs = recordsOfAllKinds(marker, uidRoot, { sha256: objectSha256, sizeBytes: mask.length });
  await ask('service', 'POST', '/predictions', { predictions: inputs });
  const predictions = Object.fromEntries(inputs.map(({ kind, id }) => [kind, id])) as SiteRecords['predictions'];
  const reviewId = randomUUID();
  await ask('reviewer', 'POST', `/predictions/${predictions.calcium}/reviews`, {
    id: reviewId,
    action: 'reject',
    reasonCode: 'other',
    reason: `${marker} reason`,
  });

  const exportId = randomUUID();
  await ask('researcher', 'POST', '/exports', {
    id: exportId,
    query: { consents: ['granted', 'refused', 'not-recorded'], minimumTruth: null },
    profile: 'limited-data-set',
    line: marker,
    recipient: `${marker} institute`,
    purpose: 'research',
  });
  const exportFiles = await filesOnceReady(service, site, exportId);
  const emergencyId = randomUUID();
  await ask('reader', 'POST', '/emergency-access', { id: emergencyId, site, reason: `${marker} emergency` });
  const audit = await ask('auditor', 'GET', '/audit?limit=2');
  const list = await ask('reader', 'GET', '/predictions?limit=1');
  const queue = await ask('reviewer', 'GET', '/review-queue?limit=1');

  const { items } = await ask('reviewer', 'GET', '/predictions');
  const people = [...new Set(JSON.stringify([items, audit]).match(/p1:[\w-]{43}/g))];
  const auditCursor = new URL(audit.link.at(-1).url, 'http://localhost').searchParams.get('cursor');
  const ids = [...Object.values(predictions), reviewId, exportId, emergencyId, audit.entry[0].resource.id];
  return {
    site,
    marker,
    uidRoot,
    studyUid,
    predictions,
    objectName: 'mask',
    objectSha256,
    objectSizeBytes: mask.length,
    exportId,
    exportFiles,
    emergencyId,
    auditEventId: audit.entry[0].resource.id,
    cursors: [list.next, queue.next, auditCursor],
    secrets: [marker, uidRoot, objectSha256, ...ids, ...people],
  };
}

function recordsOfAllKinds(marker: string, uidRoot: string, mask: { sha256: string; sizeBytes: number }) {
  const common = {
    subject: { patientId: marker, accessionNumber: marker },
    image: {
      studyUid: `${uidRoot}.1`,
      seriesUid: `${uidRoot}.2`,
      instances: [{ sopInstanceUid: `${uidRoot}.3`, frames: [1, 2] }],
      modality: 'CT',
      scanner: { manufacturer: marker, model: marker },
    },
    algorithm: { name: marker, version: marker },
    conventions: { convention: marker },
    provenance: { viewer: { name: marker, version: marker }, device: { gpu: marker } },
    note: `${marker} note`,
  };
  const bodies = [
    { kind: 'calcium' as const, payload: calciumPrediction().payload },
    {
      kind: 'perfusion' as const,
      payload: {
        maps: ['CBF'],
        coreVolumeMl: 1,
        hypoperfusedVolumeMl: 2,
        regions: [{ label: marker, map: 'CBF', mean: 1, unit: 's', voxels: 1 }],
      },
    },
    {
      kind: 'mammography' as const,
      payload: {
        findings: [
          {
            id: randomUUID(),
            sopInstanceUid: `${uidRoot}.3`,
            type: 'mass',
            box: { left: 0, top: 0, right: 1, bottom: 1 },
            suspicionScore: 0.5,
          },
        ],
        density: 'a',
        suggestedBiRads: '2',
      },
    },
    {
      kind: 'segmentation' as const,
      payload: {
        segments: [
          { number: 1, code: { value: marker, scheme: '99X', meaning: marker }, voxels: 1, volumeMm3: 1, mask: 'mask' },
        ],
      },
      objects: [{ name: 'mask', ...mask, mediaType: MASK_MEDIA_TYPE }],
    },
  ];
  return bodies.map(body => calciumPrediction({ ...common, ...body } as Partial<PredictionInput>));
}

async function filesOnceReady(service: TestService, site: string, id: string): Promise<string[]> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const { json } = await service.request('GET', `/exports/${id}`, { as: personOf(site, 'researcher') });
    if (json.status === 'ready') return json.manifest.files.map(({ name }: { name: string }) => name);
    if (json.status === 'failed') throw new Error(`The export failed: ${json.problem.code}`);
    await sleep(200);
  }
  throw new Error('The export did not end within a minute.');
}
