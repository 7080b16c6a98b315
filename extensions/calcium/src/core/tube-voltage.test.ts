import {
  conventionFor,
  DEFAULT_CONVENTION,
  type ThresholdChoice,
  thresholdReason,
  VOLTAGE_TABLE,
  type VoltageFacts,
} from './index.ts';

const edgesOf = (facts: VoltageFacts, choice: ThresholdChoice) => conventionFor(facts, choice).convention.weightEdgesHu;
const STANDARD = [130, 200, 300, 400];

describe('the table by tube voltage', () => {
  test('is that of the reference, with the standard at 120 kV', () => {
    expect(VOLTAGE_TABLE.map(({ kvp, weightEdgesHu }) => [kvp, ...weightEdgesHu])).toEqual([
      [70, 207, 318, 477, 636],
      [80, 177, 271, 408, 544],
      [100, 145, 222, 334, 446],
      [120, 130, 200, 300, 400],
      [135, 119, 183, 274, 364],
    ]);
    expect(DEFAULT_CONVENTION.weightEdgesHu).toEqual(STANDARD);
  });

  test('falls with the voltage and rises with the weight, and names a source', () => {
    for (const [index, { weightEdgesHu, source }] of VOLTAGE_TABLE.entries()) {
      expect([...weightEdgesHu].sort((a, b) => a - b)).toEqual(weightEdgesHu);
      expect(source).not.toBe('');
      const next = VOLTAGE_TABLE[index + 1];
      for (const [weight, edge] of weightEdgesHu.entries()) {
        if (next) expect(edge).toBeGreaterThan(next.weightEdgesHu[weight]!);
      }
    }
  });
});

describe('conventionFor', () => {
  test.each([70, 80, 100, 120, 135])('at %d kV detects and weighs from the same edge', kvp => {
    for (const choice of ['standard-130', 'by-kvp'] as const) {
      const { convention } = conventionFor({ kvp }, choice);
      expect(convention.thresholdHu).toBe(convention.weightEdgesHu[0]);
    }
    expect(edgesOf({ kvp }, 'standard-130')).toEqual(STANDARD);
    expect(edgesOf({ kvp }, 'by-kvp')).toEqual(VOLTAGE_TABLE.find(row => row.kvp === kvp)!.weightEdgesHu);
  });

  test('keeps every other switch', () => {
    const base = { ...DEFAULT_CONVENTION, connectivity: 4, equivalent3mm: false, thresholdHu: 77 } as const;
    expect(conventionFor({ kvp: 100 }, 'by-kvp', base).convention).toEqual({
      ...base,
      thresholdHu: 145,
      weightEdgesHu: [145, 222, 334, 446],
    });
  });

  test.each<[string, VoltageFacts, RegExp]>([
    ['a voltage without a row', { kvp: 140 }, /140 kV.*no row for 140 kV.*not comparable/],
    ['an unknown voltage', { kvp: null }, /not recorded.*120 kV/],
    ['a mixed series', { kvp: 100, kvps: [120, 100, 120] }, /100 and 120 kV in one series.*not comparable/],
    ['a kernel named Sa', { kvp: 100, kernels: ['Sa36f\\3'] }, /kernel Sa36f\\3.*130 HU is kept.*to be verified/],
    ['a tin filter in some slices', { kvp: 100, filterMaterials: ['ALUMINUM', 'TIN'] }, /no row for a tin filter/],
    ['a tin filter', { kvp: 100, filterMaterials: ['TIN'] }, /no row for a tin filter/],
  ])('by tube voltage keeps the standard for %s, and says why', (_, facts, reason) => {
    const chosen = conventionFor(facts, 'by-kvp');
    expect(chosen.convention).toEqual(DEFAULT_CONVENTION);
    expect(chosen.reason).toMatch(reason);
  });

  test('other kernels and filters do not keep it', () => {
    for (const more of [
      { kernels: ['B35f'] },
      { kernels: [''] },
      { kernels: ['SAFIRE'] },
      { kernels: ['Sa36f', 'B35f'] },
      { kernels: ['Sa36f', ''] },
      { filterMaterials: ['ALUMINUM'] },
    ]) {
      expect(edgesOf({ kvp: 100, ...more }, 'by-kvp')).toEqual([145, 222, 334, 446]);
    }
    expect(edgesOf({ kvp: 100, kvps: [100, 100] }, 'by-kvp')).toEqual([145, 222, 334, 446]);
  });
});

describe('thresholdReason', () => {
  const reason = (facts: VoltageFacts, weightEdgesHu: readonly number[] = STANDARD) =>
    thresholdReason(facts, { weightEdgesHu });

  test('says that the standard holds at 120 kV, and that it does not elsewhere', () => {
    expect(reason({ kvp: 120 })).toBe('Tube voltage 120 kV: the standard thresholds 130, 200, 300, 400 HU hold.');
    expect(reason({ kvp: 100 })).toBe(
      'Tube voltage 100 kV: the thresholds hold at 120 kV, scores at other voltages are not comparable; thresholds by tube voltage would be 145, 222, 334, 446 HU.',
    );
  });

  test('names the source of thresholds by tube voltage', () => {
    expect(reason({ kvp: 80 }, [177, 271, 408, 544])).toMatch(
      /^Tube voltage 80 kV: thresholds 177, 271, 408, 544 HU by tube voltage \(Gräni.*verified\) instead of the standard 130, 200, 300, 400 HU/,
    );
  });

  test('says when the weights belong to another voltage', () => {
    for (const kvp of [120, 80, 140]) {
      expect(reason({ kvp }, [145, 222, 334, 446])).toMatch(/neither the standard nor the table for this voltage/);
    }
  });
});
