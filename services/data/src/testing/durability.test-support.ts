import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PredictionInput } from '@voxelwise/contract';
import { calciumPrediction } from './service.test-support.ts';

/** What is posted in one request. */
export interface Delivery {
  readonly predictions: readonly PredictionInput[];
  /** Posted again until it is acknowledged; otherwise given up after the first failure. */
  readonly isRetried: boolean;
  isAcknowledged: boolean;
}

export interface DeliveryPlan {
  readonly batches: number;
  readonly batchSize: number;
  readonly singles: number;
  /** Every how many deliveries one is given up where it fails. */
  readonly givenUpEvery: number;
}

/** Deliveries in random order, every record different. */
export function planDeliveries({ batches, batchSize, singles, givenUpEvery }: DeliveryPlan): Delivery[] {
  const sizes = [...Array<number>(batches).fill(batchSize), ...Array<number>(singles).fill(1)];
  for (let last = sizes.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [sizes[last], sizes[other]] = [sizes[other]!, sizes[last]!];
  }
  let number = 0;
  return sizes.map((size, index) => ({
    predictions: Array.from({ length: size }, () => distinctPrediction(number++)),
    isRetried: index % givenUpEvery !== 0,
    isAcknowledged: false,
  }));
}

function distinctPrediction(number: number): PredictionInput {
  return calciumPrediction({
    confidence: number / 100_000,
    subject: { patientId: `MRN-${number}`, sex: 'female', ageBand: '60-69' },
    image: { studyUid: `1.2.826.0.1.3680043.8.498.${number + 1}`, modality: 'CT' },
    // Some have a note, which brings a data key with it.
    ...(number % 7 === 0 && { note: `Note ${randomUUID()}` }),
  });
}

export interface Sender {
  /** Asked before each attempt: the service may have moved. */
  readonly url: () => string;
  readonly authorization: string;
  /** Ends the sending, where the test has failed. */
  readonly signal: AbortSignal;
  /** Told of every delivery that was acknowledged, or given up. */
  readonly onEnd: (delivery: Delivery) => void;
}

/** Sends deliveries by several clients at a time, until each is acknowledged or given up. */
export async function deliverAll(deliveries: readonly Delivery[], clients: number, sender: Sender): Promise<void> {
  let next = 0;
  const client = async () => {
    for (let delivery = deliveries[next++]; delivery && !sender.signal.aborted; delivery = deliveries[next++]) {
      await deliver(delivery, sender);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}

async function deliver(delivery: Delivery, sender: Sender): Promise<void> {
  do {
    delivery.isAcknowledged = await post(delivery, sender);
    if (!delivery.isAcknowledged) await sleep(randomInt(20, 120));
  } while (delivery.isRetried && !delivery.isAcknowledged && !sender.signal.aborted);
  sender.onEnd(delivery);
}

/** Whether the service has acknowledged it. @throws Error where it is refused for good */
async function post({ predictions }: Delivery, { url, authorization }: Sender): Promise<boolean> {
  const [first] = predictions;
  let response: Response;
  let text: string;
  try {
    response = await fetch(`${url()}/api/predictions`, {
      method: 'POST',
      headers: { Authorization: authorization, 'Content-Type': 'application/json' },
      body: JSON.stringify(predictions.length === 1 ? first : { predictions }),
      signal: AbortSignal.timeout(20_000),
    });
    text = await response.text();
  } catch {
    return false; // The process was killed, or is not there yet.
  }
  if (response.status === 503) return false; // The database is away.
  if (response.status !== 200 && response.status !== 201) throw new Error(`${response.status} ${text}`);
  const { results } = JSON.parse(text) as { results: { id: string }[] };
  const answered = new Set(results.map(({ id }) => id));
  if (!predictions.every(({ id }) => answered.has(id))) throw new Error('The answer does not name every record.');
  return true;
}

/** Ascending random numbers of records, after which something is done. */
export function randomMoments(count: number, records: number): number[] {
  return Array.from({ length: count }, () => randomInt(records)).sort((a, b) => a - b);
}
