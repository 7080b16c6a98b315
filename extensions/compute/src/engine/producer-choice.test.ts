import { forSeeds, type Random } from '../twins/random.test-support.ts';
import { costOf, leastCostOf, type TimedRun } from './cost.ts';
import { PRODUCER_ORDER, type Producer } from './kernel.ts';
import { ProducerChoice } from './producer-choice.ts';

interface TrueCost {
  readonly fixedMs: number;
  readonly msPerMegabyte: number;
  readonly uploadMsPerMegabyte: number;
}

type Machine = Readonly<Record<Producer, TrueCost>>;

/** Every timing is up to this part longer or shorter than it should be. */
const NOISE = 0.15;
const SAMPLES_MEGABYTES = [0.066, 1.05, 4.2];

const noisy = (random: Random, ms: number) => ms * (1 + NOISE) ** (2 * random() - 1);
const between = (random: Random, lowest: number, highest: number) => lowest * (highest / lowest) ** random();
const trueMs = ({ fixedMs, msPerMegabyte }: TrueCost, megabytes: number) => fixedMs + msPerMegabyte * megabytes;

function randomMachine(random: Random): Machine {
  const cost = (producer: Producer): TrueCost => ({
    fixedMs: random() * 10,
    msPerMegabyte: between(random, 0.01, 10),
    uploadMsPerMegabyte: producer === 'webgl2' ? random() : 0,
  });
  return { webgl2: cost('webgl2'), wasm: cost('wasm'), ts: cost('ts') };
}

/** Samples as a calibration takes them: growing, and fewer where a producer is slow on small ones. */
function sampled(random: Random, machine: Machine, hasClock: boolean): ProducerChoice {
  const choice = new ProducerChoice();
  const computing = between(random, 0.2, 1);
  for (const producer of PRODUCER_ORDER) {
    const onDevice = producer === 'webgl2';
    const sample = (megabytes: number): TimedRun => {
      const runMs = noisy(random, trueMs(machine[producer], megabytes));
      const deviceMs = onDevice && hasClock ? runMs * computing : null;
      const uploadMs = noisy(random, machine[producer].uploadMsPerMegabyte * megabytes);
      return { bytes: megabytes * 1e6, runMs, uploadMs, deviceMs, onDevice };
    };
    const runs = SAMPLES_MEGABYTES.slice(0, random() < 0.7 ? 3 : 2).map(sample);
    const [small, large] = [runs.at(-2)!, runs.at(-1)!];
    choice.learn(producer, costOf(small, large), leastCostOf(small, large));
  }
  return choice;
}

/** Runs on whole volumes; gives what was chosen. The volume is on the device after the first run there. */
function runOften(
  choice: ProducerChoice,
  runs: number,
  megabytes: number,
  msOf: (producer: Producer, run: number) => number,
): Producer[] {
  return Array.from({ length: runs }, (_, run) => {
    const [producer] = choice.order(PRODUCER_ORDER, megabytes * 1e6);
    choice.observe(producer!, { bytes: megabytes * 1e6, runMs: msOf(producer!, run), uploadMs: 0 });
    return producer!;
  });
}

test('after a few runs on whole volumes the chosen producer takes at most twice as long as the best one', async () => {
  await forSeeds(2000, random => {
    const machine = randomMachine(random);
    const megabytes = between(random, 8, 500);
    const choice = sampled(random, machine, random() < 0.5);
    const msOf = (producer: Producer) => noisy(random, trueMs(machine[producer], megabytes));
    runOften(choice, 6, megabytes, msOf);
    const best = Math.min(...PRODUCER_ORDER.map(producer => trueMs(machine[producer], megabytes)));
    const later = runOften(choice, 200, megabytes, msOf).map(producer => trueMs(machine[producer], megabytes) / best);
    // Now and then another one is tried again, ever more seldom.
    expect(later.filter(times => times > 2).length).toBeLessThanOrEqual(6);
    expect(later.slice(0, 8).filter(times => times > 2).length).toBeLessThanOrEqual(1);
  });
});

const flat = (ms: number): TimedRun => ({ bytes: 4e6, runMs: ms, uploadMs: 0, deviceMs: null, onDevice: false });
const cost = (msPerMegabyte: number) => ({ fixedMs: 0, msPerMegabyte, uploadMsPerMegabyte: 0 });

/** Two producers; of the second the samples say the worst that they can. */
function misjudged(): ProducerChoice {
  const choice = new ProducerChoice();
  choice.learn('ts', cost(1), cost(0.8));
  // One sample of 4 MB alone: its 8 ms may all be fixed, or all growing.
  choice.learn('wasm', costOf(flat(8), flat(8)), leastCostOf(flat(8), flat(8)));
  return choice;
}

describe('a producer that samples took to be slow', () => {
  test('is tried, and stays when it is the faster one', () => {
    const chosen = runOften(misjudged(), 6, 100, producer => (producer === 'wasm' ? 8 : 100));
    expect(chosen.slice(0, 3)).toEqual(['ts', 'wasm', 'wasm']);
    expect(new Set(chosen.slice(1))).toEqual(new Set(['wasm']));
  });

  test('is tried once, and ever more seldom again, when it is as slow as they said', () => {
    const chosen = runOften(misjudged(), 2000, 100, producer => (producer === 'wasm' ? 200 : 100));
    expect(chosen.slice(0, 3)).toEqual(['ts', 'wasm', 'ts']);
    expect(chosen.filter(producer => producer === 'wasm').length).toBeLessThanOrEqual(3);
  });

  test('is not tried when that would take long', () => {
    const choice = misjudged();
    const chosen = runOften(choice, 5, 4000, producer => (producer === 'wasm' ? 8000 : 300));
    expect(new Set(chosen)).toEqual(new Set(['ts']));
  });
});

describe('a busy moment', () => {
  test('of one or two runs changes nothing', () => {
    const chosen = runOften(misjudged(), 30, 100, (producer, run) => {
      if (run > 5 && run < 8) return 5000;
      return producer === 'wasm' ? 10 : 100;
    });
    expect(new Set(chosen.slice(2))).toEqual(new Set(['wasm']));
  });

  test('in which the better one was tried first does not decide for good', () => {
    const chosen = runOften(misjudged(), 100, 100, (producer, run) => {
      if (producer === 'ts') return 100;
      return run < 5 ? 900 : 10;
    });
    expect(chosen.slice(0, 3)).toEqual(['ts', 'wasm', 'ts']);
    expect(new Set(chosen.slice(40))).toEqual(new Set(['wasm']));
  });

  test('that lasts makes another one the first, until it is over', () => {
    const chosen = runOften(misjudged(), 400, 100, (producer, run) => {
      if (producer === 'ts') return 100;
      return run > 10 && run < 60 ? 900 : 10;
    });
    expect(chosen[30]).toBe('ts');
    expect(new Set(chosen.slice(300))).toEqual(new Set(['wasm']));
  });
});

test('what was seen is kept for the next visit; what is malformed is not', () => {
  const choice = misjudged();
  runOften(choice, 4, 100, producer => (producer === 'wasm' ? 8 : 100));
  const next = ProducerChoice.fromJson(choice.toJson());
  expect(next.order(['ts', 'wasm'], 100e6)).toEqual(['wasm', 'ts']);
  expect(next.isKnown('webgl2')).toBe(false);
  const record = { sampled: cost(1), optimistic: cost(1), tries: 0 };
  for (const wrong of [null, 7, { ...record, tries: -1 }, { ...record, seen: {} }, { ...record, sampled: cost(-1) }]) {
    expect(ProducerChoice.fromJson(JSON.stringify({ ts: record, wasm: wrong })).isKnown('wasm')).toBe(false);
  }
});
