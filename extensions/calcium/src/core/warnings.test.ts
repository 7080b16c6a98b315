import { DEFAULT_CONVENTION } from './index.ts';
import { type AcquisitionFacts, scoringWarnings } from './warnings.ts';

const standard: AcquisitionFacts = { kvp: 120, incrementMm: 3, contrastAgent: '' };
const warningsOf = (facts: Partial<AcquisitionFacts>, thresholdHu = 130) =>
  scoringWarnings({ ...standard, ...facts }, { ...DEFAULT_CONVENTION, thresholdHu });

describe('scoringWarnings', () => {
  test('has nothing to say about a non-contrast scan at 120 kV with 3 mm or less, at 130 HU', () => {
    expect(warningsOf({})).toEqual([]);
    expect(warningsOf({ incrementMm: 0.5 })).toEqual([]);
    expect(warningsOf({ incrementMm: 3.0000001 })).toEqual([]);
  });

  test.each([
    [{ contrastAgent: 'OMNIPAQUE' }, 130, /^Contrast agent recorded \(OMNIPAQUE\)/],
    [{ kvp: 100 }, 130, /^Tube voltage 100 kV/],
    [{ kvp: null }, 130, /^Tube voltage not recorded/],
    [{ incrementMm: 5 }, 130, /^Slice increment 5\.00 mm is more than 3 mm/],
    [{}, 129, /^Threshold 129 HU instead of 130/],
  ] as const)('names one departure: %j at %d HU', (facts, thresholdHu, sentence) => {
    const warnings = warningsOf(facts, thresholdHu);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(sentence);
  });

  test('names every departure', () => {
    expect(warningsOf({ contrastAgent: 'X', kvp: 80, incrementMm: 5 }, 200)).toHaveLength(4);
  });
});
