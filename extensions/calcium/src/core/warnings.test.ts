import { DEFAULT_CONVENTION } from './index.ts';
import { type AcquisitionFacts, scoringWarnings } from './warnings.ts';

const standard: AcquisitionFacts = {
  kvp: 120,
  incrementMm: 3,
  sliceThicknessMm: null,
  sliceCount: 40,
  contrastAgent: '',
};
const warningsOf = (facts: Partial<AcquisitionFacts>, thresholdHu = 130, equivalent3mm = true) =>
  scoringWarnings({ ...standard, ...facts }, { ...DEFAULT_CONVENTION, thresholdHu, equivalent3mm });

describe('scoringWarnings', () => {
  test('has nothing to say about a non-contrast scan at 120 kV with 3 mm or less, at 130 HU', () => {
    expect(warningsOf({})).toEqual([]);
    expect(warningsOf({ incrementMm: 0.5 })).toEqual([]);
    expect(warningsOf({ incrementMm: 3.009 })).toEqual([]);
    expect(warningsOf({ incrementMm: 1.5, sliceThicknessMm: 3 })).toEqual([]);
    expect(warningsOf({ incrementMm: 3.005 }, 130, false)).toEqual([]);
  });

  test.each([
    [{ contrastAgent: 'OMNIPAQUE' }, 130, /^Contrast agent recorded \(OMNIPAQUE\)/],
    [{ kvp: 100 }, 130, /^Tube voltage 100 kV/],
    [{ kvp: null }, 130, /^Tube voltage not recorded/],
    [{ incrementMm: 5 }, 130, /^Slice increment 5 mm is more than 3 mm/],
    [{ incrementMm: 3, sliceThicknessMm: 2.5 }, 130, /^Slices 2\.5 mm thick and 3 mm apart/],
    [{ sliceCount: 2 }, 130, /^Only 2 slices/],
    [{}, 129, /^Threshold 129 HU instead of 130, with weights from 130, 200, 300, 400 HU/],
  ] as const)('names one departure: %j at %d HU', (facts, thresholdHu, sentence) => {
    const warnings = warningsOf(facts, thresholdHu);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(sentence);
  });

  test('names the missing 3 mm equivalence where it changes the score', () => {
    expect(warningsOf({ incrementMm: 1.5 }, 130, false)).toEqual([
      'Slice increment 1.5 mm without 3 mm equivalence: the score does not compare with those of 3 mm scans.',
    ]);
  });

  test('names every departure', () => {
    expect(
      warningsOf({ contrastAgent: 'X', kvp: 80, incrementMm: 5, sliceThicknessMm: 3, sliceCount: 2 }, 200, false),
    ).toHaveLength(7);
  });
});
