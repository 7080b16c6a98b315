import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { QUALITY_RULES, type QualityFacts, qualityOf } from './quality.ts';
import { isGoodEnough, trainingLabel } from './training-label.ts';

const complete: QualityFacts = {
  provenance: {
    viewer: { name: 'OHIF', version: '3.12.0' },
    extension: { name: 'calcium', version: '0.1.0' },
    producer: 'wasm',
    device: { gpu: 'any' },
    inputSha256: '0'.repeat(64),
    parameters: { threshold: 130 },
  },
  algorithmDigest: '1'.repeat(64),
  seriesUid: '1.2.3',
  instances: [{ sopInstanceUid: '1.2.3.4' }],
  scannerManufacturer: 'any',
  scannerModel: 'any',
  confidence: 0,
  review: { status: 'adjudicated', agreement: 1 },
};
const nothing: QualityFacts = {
  provenance: {},
  algorithmDigest: null,
  seriesUid: null,
  instances: null,
  scannerManufacturer: null,
  scannerModel: null,
  confidence: null,
  review: { status: 'unreviewed', agreement: null },
};

test('a complete record that two readers and its ground truth confirm is 1; one without anything is 0', () => {
  expect(qualityOf(complete)).toEqual({ score: 1, reasons: [] });
  expect(qualityOf({ ...complete, review: { status: 'agreed', agreement: 1 } }).score).toBe(1);
  const { score, reasons } = qualityOf(nothing);
  expect(score).toBe(0);
  expect(reasons).toHaveLength(13);
});

test('each rule alone takes its points off and is the only reason', () => {
  const missing: Record<string, Partial<QualityFacts>> = {
    'viewer-unknown': { provenance: { ...complete.provenance, viewer: undefined } },
    'extension-unknown': { provenance: { ...complete.provenance, extension: undefined } },
    'producer-unknown': { provenance: { ...complete.provenance, producer: undefined } },
    'device-unknown': { provenance: { ...complete.provenance, device: {} } },
    'input-digest-missing': { provenance: { ...complete.provenance, inputSha256: undefined } },
    'parameters-missing': { provenance: { ...complete.provenance, parameters: undefined } },
    'algorithm-digest-missing': { algorithmDigest: null },
    'series-unknown': { seriesUid: null },
    'instances-unknown': { instances: [] },
    'scanner-unknown': { scannerModel: null },
    'confidence-missing': { confidence: null },
    'not-reviewed': { review: { status: 'unreviewed', agreement: 1 } },
    'reads-disagree': { review: { status: 'disputed', agreement: 1 } },
    'read-once': { review: { status: 'single-read', agreement: 1 } },
    'agreement-unknown': { review: { status: 'agreed', agreement: null } },
    'differs-from-ground-truth': { review: { status: 'agreed', agreement: 0 } },
  };
  expect(Object.keys(missing)).toEqual(QUALITY_RULES.map(({ id }) => id));
  for (const { id, points } of QUALITY_RULES) {
    expect(qualityOf({ ...complete, ...missing[id] })).toEqual({
      score: Number((1 - points / 100).toFixed(6)),
      reasons: [id],
    });
  }
});

test('a difference from the ground truth takes off as much as agreement is missing', () => {
  expect(qualityOf({ ...complete, review: { status: 'agreed', agreement: 0.8 } }).score).toBe(0.95);
});

test('the rules of different groups add up to 100 points, so that a score is never negative', () => {
  const largest = new Map<string, number>();
  for (const { id, group, points } of QUALITY_RULES) {
    largest.set(group ?? id, Math.max(points, largest.get(group ?? id) ?? 0));
  }
  expect([...largest.values()].reduce((sum, points) => sum + points, 0)).toBe(100);
});

test('a score is between 0 and 1, and 1 exactly where there is no reason', () => {
  const facts = fc.record({
    ...Object.fromEntries(
      Object.keys(complete).map(key => [
        key,
        fc.constantFrom(complete[key as keyof QualityFacts], nothing[key as keyof QualityFacts]),
      ]),
    ),
    review: fc.record({
      status: fc.constantFrom('unreviewed', 'single-read', 'agreed', 'disputed', 'adjudicated'),
      agreement: fc.option(fc.double({ min: 0, max: 0.99, noNaN: true })),
    }),
  }) as unknown as fc.Arbitrary<QualityFacts>;
  fc.assert(
    fc.property(facts, one => {
      const { score, reasons } = qualityOf(one);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(score === 1).toBe(reasons.length === 0);
    }),
  );
});

test('docs/quality-score.md shows the rules of the code', () => {
  const page = readFileSync(path.join(import.meta.dirname, '../../../../docs/quality-score.md'), 'utf8');
  const table = page.match(/<!-- rules -->\n([\s\S]*?)\n<!-- \/rules -->/)?.[1];
  const rows = QUALITY_RULES.map(
    ({ id, points, group, takesOffWhere }) => `| \`${id}\` | ${points} | ${group ?? ''} | ${takesOffWhere} |`,
  );
  expect(table?.split('\n')).toEqual(['| reason | points | group | takes off where |', '|---|---:|---|---|', ...rows]);
});

describe('training label', () => {
  const predicted = { maps: [], coreVolumeMl: 1, hypoperfusedVolumeMl: 1, regions: [] };
  const corrected = { maps: [], coreVolumeMl: 2, hypoperfusedVolumeMl: 2, regions: [] };
  const label = (groundTruthLevel: 'single' | null, groundTruth: typeof predicted | null, agreement: number | null) =>
    trainingLabel(predicted, { groundTruthLevel, groundTruth, agreement });

  test('is the prediction above 0.85 of agreement, and the correction otherwise', () => {
    expect(label('single', corrected, 0.86)).toEqual({ decision: 'as-predicted', payload: predicted });
    expect(label('single', corrected, 0.85)).toEqual({ decision: 'corrected', payload: corrected });
    expect(label('single', corrected, null)).toEqual({ decision: 'corrected', payload: corrected });
  });

  test('has no content for a rejected prediction, and without a ground truth', () => {
    expect(label('single', null, 0)).toEqual({ decision: 'rejected', payload: null });
    expect(label(null, null, null)).toEqual({ decision: 'none', payload: null });
  });
});

test('a test split is never filtered by quality', () => {
  expect(isGoodEnough('test', 0, 0.9)).toBe(true);
  expect(isGoodEnough('train', 0.89, 0.9)).toBe(false);
  expect(isGoodEnough('validation', 0.9, 0.9)).toBe(true);
  expect(isGoodEnough('train', 0, undefined)).toBe(true);
});
