import { conventionFor, DEFAULT_CONVENTION } from './index.ts';
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
    expect(warningsOf({ kvps: [120], kernels: ['B35f'], gating: 'PROSPECTIVE' })).toEqual([]);
    expect(warningsOf({ imageTypes: ['', 'ORIGINAL\\SECONDARY\\AXIAL', 'DERIVED\\PRIMARY\\MPR'] })).toEqual([]);
    expect(warningsOf({ padded: new Map([[129, 9]]) })).toEqual([]);
  });

  test.each([
    [{ contrastAgent: 'OMNIPAQUE' }, 130, /^Contrast agent recorded \(OMNIPAQUE\)/],
    [{ kvp: 100 }, 130, /^Tube voltage 100 kV/],
    [{ kvp: null }, 130, /^Tube voltage not recorded/],
    [{ incrementMm: 5 }, 130, /^Slice increment 5 mm is more than 3 mm/],
    [{ incrementMm: 3, sliceThicknessMm: 2.5 }, 130, /^Slices 2\.5 mm thick and 3 mm apart/],
    [{ sliceCount: 2 }, 130, /^Only 2 slices/],
    [{ kvps: [120, 100] }, 130, /^Tube voltages of 100 and 120 kV in one series/],
    [{ kvp: 140 }, 130, /^Tube voltage 140 kV.*no row for 140 kV/],
    [{ kvp: 100, kernels: ['Sa36f'] }, 130, /^Tube voltage 100 kV with the kernel Sa36f.*130 HU is kept/],
    [{ kernels: [''] }, 130, /^Reconstruction kernel not recorded/],
    [{ kernels: ['B70f'] }, 130, /^Reconstruction kernel B70f enhances edges/],
    [{ kernels: ['B35f', 'B36f'] }, 130, /^Reconstruction kernels B35f and B36f in one series/],
    [{ kernels: ['B35f', ''] }, 130, /^Reconstruction kernel not recorded/],
    [{ gating: '' }, 130, /^ECG gating not recorded/],
    [{ padded: new Map([[200, 9]]) }, 130, /^9 voxels of 200 HU are padding/],
    [
      { imageTypes: ['ORIGINAL\\PRIMARY\\AXIAL', 'DERIVED\\SECONDARY\\MPR'] },
      130,
      /^Images made from other images \(ImageType DERIVED\\SECONDARY\\MPR\)/,
    ],
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

  test('offers thresholds by tube voltage, and once they are used says what that means', () => {
    const facts = { ...standard, kvp: 100 };
    expect(scoringWarnings(facts, DEFAULT_CONVENTION)[0]).toMatch(/would be 145, 222, 334, 446 HU/);
    const { convention, reason } = conventionFor(facts, 'by-kvp');
    expect(scoringWarnings(facts, convention)).toEqual([reason]);
    expect(scoringWarnings(facts, { ...convention, thresholdHu: 130 })[1]).toMatch(
      /^Threshold 130 HU instead of 145, with weights from 145, 222, 334, 446 HU/,
    );
    expect(scoringWarnings(standard, convention)).toEqual([
      expect.stringMatching(/neither the standard nor the table/),
    ]);
  });

  test('names every departure', () => {
    expect(
      warningsOf(
        {
          contrastAgent: 'X',
          kvp: 80,
          incrementMm: 5,
          sliceThicknessMm: 3,
          sliceCount: 2,
          kernels: ['B70f'],
          gating: '',
        },
        200,
        false,
      ),
    ).toHaveLength(9);
  });
});
