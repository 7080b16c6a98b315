import { createHash, randomUUID } from 'node:crypto';
import { MASK_MEDIA_TYPE, type RouteName } from '@voxelwise/contract';
import { calciumPrediction, type TestPerson, type TestService } from './service.test-support.ts';
import type { SiteRecords } from './site-records.test-support.ts';

/** What to send to a route, below /api. */
export interface RouteRequest {
  readonly target: string;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly mediaType?: string;
}

export interface ExampleContext {
  readonly service: TestService;
  /** Whose records are asked for. */
  readonly records: SiteRecords;
  /** Whoever asks; what must have been sent by the same person is sent by this one. */
  readonly sender: TestPerson;
}

type Example = (context: ExampleContext) => RouteRequest | Promise<RouteRequest>;

/**
 * For every route a request that succeeds, each time anew, for whoever has the permission and the site. A new route needs its own, and
 * its line in access-matrix.test.ts.
 */
export const ROUTE_EXAMPLES: Record<RouteName, Example> = {
  getSession: () => ({ target: '/session' }),
  storePredictions: ({ records: { site } }) => ({ target: '/predictions', json: calciumPrediction({ site }) }),
  listPredictions: ({ records: { site, studyUid } }) => ({ target: `/predictions?site=${site}&studyUid=${studyUid}` }),
  readQueue: ({ records: { site } }) => ({ target: `/review-queue?site=${site}` }),
  readPrediction: ({ records: { predictions } }) => ({ target: `/predictions/${predictions.calcium}` }),
  reviewPrediction: async context => ({
    target: `/predictions/${await sentNow(context)}/reviews`,
    json: { id: randomUUID(), action: 'accept' },
  }),
  setConsent: ({ records: { predictions } }) => ({
    target: `/predictions/${predictions.perfusion}/consent`,
    json: { consent: 'granted' },
  }),
  setRetention: ({ records: { predictions } }) => ({
    target: `/predictions/${predictions.perfusion}/retention`,
    json: { retentionUntil: null, legalHold: false },
  }),
  shredPrediction: async context => ({
    target: `/predictions/${await sentNow(context)}/shredding`,
    json: { reason: 'error' },
  }),
  writeObject: ({ records: { site } }) => {
    const bytes = Buffer.from(randomUUID());
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { target: `/objects/${sha256}?site=${site}`, bytes, mediaType: MASK_MEDIA_TYPE };
  },
  readObject: ({ records: { predictions, objectName } }) => ({
    target: `/predictions/${predictions.segmentation}/objects/${objectName}`,
  }),
  readMetrics: ({ records: { site } }) => ({ target: `/metrics?site=${site}` }),
  requestExport: ({ records: { site } }) => ({ target: '/exports', json: exportInput(site) }),
  listExports: ({ records: { site } }) => ({ target: `/exports?site=${site}` }),
  readExport: ({ records: { exportId } }) => ({ target: `/exports/${exportId}` }),
  cancelExport: async ({ service, records: { site } }) => {
    const json = exportInput(site);
    const as = { name: 'requester', roles: ['researcher'], sites: [site] };
    await service.request('POST', '/exports', { as, json });
    return { target: `/exports/${json.id}` };
  },
  readExportFile: ({ records: { exportId, exportFiles } }) => ({
    target: `/exports/${exportId}/files/${exportFiles[0]}`,
  }),
  takeEmergencyAccess: ({ records: { site } }) => ({
    target: '/emergency-access',
    json: { id: randomUUID(), site, reason: 'Shock room.' },
  }),
  listEmergencyAccess: ({ records: { site } }) => ({ target: `/emergency-access?site=${site}` }),
  readAudit: ({ records: { site } }) => ({ target: `/audit?site=${site}` }),
  readTreeHead: () => ({ target: '/audit/tree-head' }),
  proveInclusion: ({ records: { auditEventId } }) => ({ target: `/audit/proof/inclusion?event=${auditEventId}` }),
  proveConsistency: () => ({ target: '/audit/proof/consistency?first=1&second=1' }),
};

/** A new prediction of the site, sent by whoever asks. */
async function sentNow({ service, records: { site }, sender: { name } }: ExampleContext): Promise<string> {
  const json = calciumPrediction({ site });
  const as = { ...(name !== undefined && { name }), roles: ['service'], sites: [site] };
  const { status, text } = await service.request('POST', '/predictions', { as, json });
  if (status !== 201) throw new Error(text);
  return json.id;
}

function exportInput(site: string) {
  return {
    id: randomUUID(),
    site,
    query: {},
    profile: 'safe-harbor',
    line: 'matrix',
    recipient: 'Institute',
    purpose: 'research',
  };
}
