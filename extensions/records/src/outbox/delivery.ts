import type { DataService } from '../client/data-service.ts';
import { ServiceError } from '../client/service-error.ts';
import type { Attachment, Entry } from './entry.ts';

/** What became of a delivery. Problems are sentences for the reader. */
export type Outcome =
  | { readonly kind: 'delivered' }
  /** Repeating it changes nothing. */
  | { readonly kind: 'refused'; readonly problem: string }
  /** The service has failed on this entry; others may do better. */
  | { readonly kind: 'failed'; readonly problem: string }
  /** The service cannot be had. */
  | { readonly kind: 'paused'; readonly problem: string; readonly retryAfterMs: number | null };

const UPLOAD_TIMEOUT_MS = 5 * 60_000;

/**
 * Delivers one entry: its attachments, then the record. Everything may be repeated, and is recognized by its id or its digest.
 * @param onUploaded told whether the service has the attachments
 * @throws the signal's reason when it is aborted
 */
export async function deliver(
  entry: Entry,
  service: DataService,
  { signal, onUploaded }: { signal: AbortSignal; onUploaded: (isUploaded: boolean) => Promise<void> },
): Promise<Outcome> {
  try {
    if (!entry.isUploaded) await upload(entry, service, signal, onUploaded);
    try {
      await post(entry, service, signal);
    } catch (error) {
      // The service forgets objects that no record refers to; this record has come late.
      const isForgotten = error instanceof ServiceError && error.code === 'object-missing' && entry.isUploaded;
      if (!isForgotten) throw error;
      await onUploaded(false);
      await upload(entry, service, signal, onUploaded);
      await post(entry, service, signal);
    }
    return { kind: 'delivered' };
  } catch (error) {
    if (signal.aborted) throw error;
    return outcomeOf(error);
  }
}

async function post({ content, predictionId }: Entry, service: DataService, signal: AbortSignal): Promise<void> {
  if (content.kind === 'prediction') {
    await service.call('storePredictions', { body: content.body }, { signal });
    return;
  }
  await service.call('reviewPrediction', { parameters: { id: predictionId }, body: content.body }, { signal });
}

async function upload(
  { attachments, site }: Entry,
  service: DataService,
  signal: AbortSignal,
  onUploaded: (isUploaded: boolean) => Promise<void>,
): Promise<void> {
  if (attachments.length === 0) return;
  for (const attachment of attachments) {
    const content = await bytesOf(attachment);
    await service.call(
      'writeObject',
      { parameters: { sha256: attachment.sha256 }, ...(site !== undefined && { query: { site } }) },
      { bytes: { content, mediaType: attachment.mediaType }, signal, timeoutMs: UPLOAD_TIMEOUT_MS },
    );
  }
  await onUploaded(true);
}

async function bytesOf({ content, name }: Attachment): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return new Uint8Array(await content.arrayBuffer());
  } catch {
    throw new ServiceError('refused', `This browser has lost ${name}, which belongs to the record.`);
  }
}

/** What a failed delivery means for the entry, and for those behind it. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ServiceError)) throw error;
  const { kind, message: problem, retryAfterMs } = error;
  if (kind === 'refused' || kind === 'failed') return { kind, problem };
  return { kind: 'paused', problem, retryAfterMs };
}
