import { authorizationHeadersOf, type Host } from '@voxelwise/host';
import { configuredService, configuredSite } from './client/configuration.ts';
import { createDataService, type DataService } from './client/data-service.ts';
import { createServiceWatch, type WatchState } from './client/service-watch.ts';
import {
  type Permission,
  type PredictionInput,
  type ProblemCode,
  predictionInputSchema,
  type ReviewInput,
  reviewInputSchema,
  type Session,
} from './contract.ts';
import type { Attachment, Entry } from './outbox/entry.ts';
import { createOutbox, type Outbox, type OutboxState } from './outbox/outbox.ts';
import { ownerOf } from './outbox/owner.ts';

export interface RecordsState extends WatchState {
  readonly outbox: OutboxState;
  /** Who is signed in, as entries name their owner. */
  readonly owner: string;
  /** Grows whenever what the service has may have changed. */
  readonly revision: number;
}

/** A record to be logged. */
export interface NewRecord {
  readonly attachments?: readonly Attachment[];
  /** What it is, for the reader; nothing that says who the patient is. */
  readonly title: string;
  readonly studyUid: string;
}

/** The viewer's side of the data service, one for the page. */
export interface Records {
  getState(): RecordsState;
  subscribe(listener: () => void): () => void;
  readonly service: DataService;
  readonly outbox: Pick<Outbox, 'retry' | 'discard' | 'claim' | 'sendNow'>;
  /** The site that records are made for; undefined where the reader has one alone, which the service knows. */
  site(): string | undefined;
  /** False where the service has said that the reader may not; true also while it has not said anything. */
  may(permission: Permission): boolean;
  /** @throws Error that says why nothing is logged, as a part of a sentence */
  logPrediction(prediction: PredictionInput, record: NewRecord): Promise<void>;
  /** @throws Error that says why nothing is logged, as a part of a sentence */
  fileReview(predictionId: string, review: ReviewInput, record: NewRecord): Promise<void>;
  /** Looks again whether the service is there, and who it takes the reader for. */
  check(): Promise<void>;
}

export function createRecords(host: Host): Records {
  const configured = configuredService(host);
  const listeners = new Set<() => void>();
  const service = createDataService({
    url: configured.url ?? '',
    authorizationHeaders: () => authorizationHeadersOf(host),
  });
  const owner = () => ownerOf(host);
  let revision = 0;
  let isDelivering = false;
  let state: RecordsState;

  const publish = () => {
    state = { ...watch.getState(), outbox: outbox.getState(), owner: owner(), revision };
    for (const listener of listeners) listener();
  };
  const watch = createServiceWatch(configured, service, {
    onChange({ presence }) {
      if (presence === 'present' && !isDelivering) {
        isDelivering = true;
        outbox.deliverTo(service);
      }
      publish();
    },
  });
  const outbox = createOutbox({
    owner,
    onDelivered() {
      revision++;
      publish();
      // It has answered: whatever was said of it before is over.
      if (watch.getState().trouble || !watch.getState().session) watch.check();
    },
  });
  outbox.subscribe(publish);
  publish();
  watch.check();
  window.addEventListener('online', () => watch.check());

  const site = () => configuredSite(host) ?? soleSite(watch.getState().session);

  /** @throws Error where the contract would refuse it: better now than when nobody is there to mend it */
  const checked = (result: { success: boolean; error?: { issues: { path: PropertyKey[]; message: string }[] } }) => {
    const [issue] = result.error?.issues ?? [];
    if (issue)
      throw new Error(
        `its ${issue.path.join('.') || 'content'} is not as the data service wants it (${issue.message})`,
      );
  };
  const mayBeNamed = () => {
    const { sites } = watch.getState().session ?? { sites: [] };
    if (site() !== undefined || sites.length < 2) return;
    throw new Error(
      `you belong to several sites (${sites.join(', ')}), and the configuration of this viewer does not say which one it is`,
    );
  };

  return {
    getState: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    service,
    outbox,
    site,
    may(permission) {
      const { session } = watch.getState();
      return session === null || session.permissions.includes(permission);
    },
    async logPrediction(prediction, { title, studyUid, attachments = [] }) {
      mayBeNamed();
      const ofSite = site();
      const body = { ...prediction, ...(ofSite !== undefined && { site: ofSite }) };
      checked(predictionInputSchema.safeParse(body));
      const { id } = body;
      const content = { kind: 'prediction', body } as const;
      await outbox.add({ id, predictionId: id, content, attachments, title, studyUid, ...withSite(ofSite) });
    },
    async fileReview(predictionId, body, { title, studyUid, attachments = [] }) {
      checked(reviewInputSchema.safeParse(body));
      const content = { kind: 'review', body } as const;
      const { id } = body;
      await outbox.add({ id, predictionId, content, attachments, title, studyUid, ...withSite(site()) });
    },
    check: watch.check,
  };
}

function withSite(site: string | undefined): { site?: string } {
  return site === undefined ? {} : { site };
}

function soleSite(session: Session | null): string | undefined {
  return session?.sites.length === 1 ? session.sites[0] : undefined;
}

let shared: { readonly services: Host['services']; readonly records: Records } | null = null;

/** The one of this page: every extension that asks gets the same. */
export function recordsOf(host: Host): Records {
  if (shared?.services !== host.services) shared = { services: host.services, records: createRecords(host) };
  return shared.records;
}

/** Entries of this study that have not arrived, newest first. */
export function entriesOfStudy({ outbox }: RecordsState, studyUid: string): Entry[] {
  return outbox.entries.filter(entry => entry.studyUid === studyUid).reverse();
}

/** True where the service refuses the whole study, or knows none that the reader may see. */
export function isStudyRefused(code: ProblemCode | null): boolean {
  return code === 'study-refused' || code === 'not-found';
}
