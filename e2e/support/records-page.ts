import { randomUUID } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import type { PredictionInput } from '@voxelwise/contract';
import type { Host } from '@voxelwise/host';
import type * as RecordsPackage from '@voxelwise/records';

declare global {
  interface Window {
    records: typeof RecordsPackage;
    outbox: RecordsPackage.Records;
    /** Who is signed in; null for nobody. */
    person: string | null;
  }
}

/** The smallest prediction that the contract takes. */
export function smallPrediction(): PredictionInput {
  return {
    id: randomUUID(),
    kind: 'calcium',
    producedAt: '2026-11-30T08:15:30.123Z',
    subject: { patientId: 'MRN-0042' },
    image: { studyUid: '1.2.3' },
    algorithm: { name: 'Voxelwise calcium', version: '0.1.0' },
    confidence: null,
    payload: { agatston: 1, volumeMm3: 1, massMg: null, lesions: 1, vessels: [] },
    conventions: {},
    provenance: {},
  };
}

/** A page with the records of the viewer, and nothing else of it. */
export class RecordsPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Loads the page; somebody is signed in from the beginning, or nobody. */
  async open(url: string, person: string | null = 'reader-1'): Promise<void> {
    await this.page.goto(url);
    await this.page.evaluate(name => {
      window.person = name;
      const userAuthenticationService = {
        getUser: () => window.person && { profile: { sub: window.person } },
        getAuthorizationHeader: () => (window.person ? { Authorization: `Bearer ${window.person}` } : {}),
      };
      const host = { appConfig: {}, services: { userAuthenticationService } };
      window.outbox = window.records.recordsOf(host as unknown as Host);
    }, person);
    await expect.poll(() => this.presence()).not.toBe('looking');
    await expect.poll(() => this.isRead()).toBe(true);
  }

  /** The database has been read, or the browser refuses it. */
  isRead(): Promise<boolean> {
    return this.page.evaluate(() => {
      const { isKnown, problem } = window.outbox.getState().outbox;
      return isKnown || problem !== '';
    });
  }

  presence(): Promise<string> {
    return this.page.evaluate(() => window.outbox.getState().presence);
  }

  /** Logs a prediction. @returns its id */
  async log(attachmentText?: string): Promise<string> {
    const prediction = smallPrediction();
    await this.page.evaluate(
      async ({ prediction, attachmentText }) => {
        const { referenceOf, sha256Of } = window.records;
        const attachments = [];
        if (attachmentText !== undefined) {
          const content = new TextEncoder().encode(attachmentText);
          const sha256 = (await sha256Of(content)) ?? '';
          const mediaType = 'application/vnd.voxelwise.mask';
          attachments.push({ name: 'mask', mediaType, sha256, content: new Blob([content]) });
        }
        const objects = attachments.map(referenceOf);
        const record = { title: 'Calcium score 1', studyUid: '1.2.3', attachments };
        await window.outbox.logPrediction({ ...prediction, ...(objects.length > 0 && { objects }) }, record);
      },
      { prediction, attachmentText },
    );
    return prediction.id;
  }

  /** Accepts a prediction. @returns the id of the review */
  async accept(predictionId: string): Promise<string> {
    const review = { id: randomUUID(), action: 'accept' } as const;
    await this.page.evaluate(
      async ({ predictionId, review }) =>
        window.outbox.fileReview(predictionId, review, { title: 'Accepted', studyUid: '1.2.3' }),
      { predictionId, review },
    );
    return review.id;
  }

  /** Ids of what waits in the browser, with their state. */
  waiting(): Promise<[id: string, state: string][]> {
    return this.page.evaluate(() =>
      window.outbox.getState().outbox.entries.map(({ id, state }): [string, string] => [id, state]),
    );
  }

  /** What the browser's database holds, as text: what somebody at this machine could read. */
  databaseText(): Promise<string> {
    return this.page.evaluate(
      () =>
        new Promise<string>((resolve, reject) => {
          const open = indexedDB.open('voxelwise-records');
          open.onerror = () => reject(open.error);
          open.onsuccess = () => {
            const all = open.result.transaction('entries').objectStore('entries').getAll();
            all.onsuccess = () => {
              resolve(JSON.stringify(all.result));
              open.result.close();
            };
          };
        }),
    );
  }

  async act(id: string, action: 'retry' | 'discard' | 'claim'): Promise<void> {
    await this.page.evaluate(
      async ({ id, action }) => {
        const entry = window.outbox.getState().outbox.entries.find(one => one.id === id);
        if (!entry) throw new Error('There is no such entry.');
        await window.outbox.outbox[action](entry);
      },
      { id, action },
    );
  }

  signIn(person: string | null): Promise<void> {
    return this.page.evaluate(name => {
      window.person = name;
      window.outbox.outbox.sendNow();
    }, person);
  }
}
