import { type Convention, DEFAULT_CONVENTION, STANDARD_WEIGHT_EDGES_HU } from './convention.ts';

/**
 * Thresholds by tube voltage: one table for detection and for weights. A voxel is calcium from the lower edge of weight 1
 * on, so that no voxel counts for area that could not count for weight, and the other way round.
 */
export interface VoltageThresholds {
  readonly kvp: number;
  /** Lower edges in HU of the weights 1 to 4; the first is the threshold. */
  readonly weightEdgesHu: readonly [number, number, number, number];
  readonly source: string;
}

/** The voltage that the thresholds of Agatston hold at. */
export const STANDARD_KVP = 120;

const GRAENI = 'Gräni et al. 2018, doi:10.1093/ehjci/jey019, values to be verified';

/** Ascending. There is no row for 140 kV, because no source for one is known. */
export const VOLTAGE_TABLE: readonly VoltageThresholds[] = [
  { kvp: 70, weightEdgesHu: [207, 318, 477, 636], source: GRAENI },
  { kvp: 80, weightEdgesHu: [177, 271, 408, 544], source: GRAENI },
  { kvp: 100, weightEdgesHu: [145, 222, 334, 446], source: GRAENI },
  { kvp: STANDARD_KVP, weightEdgesHu: STANDARD_WEIGHT_EDGES_HU, source: 'Agatston et al. 1990' },
  { kvp: 135, weightEdgesHu: [119, 183, 274, 364], source: GRAENI },
];

/** The standard thresholds whatever the voltage, or those of the table's row for it. */
export type ThresholdChoice = 'standard-130' | 'by-kvp';

/** What the thresholds depend on. Optional facts are those that a caller may not know; '' is "not recorded". */
export interface VoltageFacts {
  /** Tube voltage in kV, null where not recorded. */
  readonly kvp: number | null;
  /** Every tube voltage that the slices record: more than one is a mixed series. */
  readonly kvps?: readonly number[];
  /** Every ConvolutionKernel (0018,1210) of the slices; '' among them where some record none. */
  readonly kernels?: readonly string[];
  /** Every FilterMaterial (0018,7050) of the slices' X-ray filters. */
  readonly filterMaterials?: readonly string[];
}

/** A convention with the thresholds of a choice, and the reason for them in one sentence. */
export interface ChosenConvention {
  readonly convention: Convention;
  readonly reason: string;
}

/**
 * The convention for an acquisition. By tube voltage, the standard thresholds stay where the table has nothing to say:
 * at a voltage that is mixed, unknown or without a row, with a tin filter, and with a kernel made to keep 130 HU.
 */
export function conventionFor(
  facts: VoltageFacts,
  choice: ThresholdChoice,
  base: Convention = DEFAULT_CONVENTION,
): ChosenConvention {
  const row = choice === 'by-kvp' ? rowFor(facts) : null;
  const weightEdgesHu = row?.weightEdgesHu ?? STANDARD_WEIGHT_EDGES_HU;
  const convention = { ...base, thresholdHu: weightEdgesHu[0], weightEdgesHu };
  return { convention, reason: thresholdReason(facts, convention) };
}

/**
 * Why a convention's weights (and with them its threshold) do or do not suit the tube voltage, in one sentence. Told from
 * the weights themselves, so it holds whoever chose them.
 */
export function thresholdReason(facts: VoltageFacts, { weightEdgesHu }: Pick<Convention, 'weightEdgesHu'>): string {
  const { kvp } = facts;
  const used = `${weightEdgesHu.join(', ')} HU`;
  if (isMixed(facts)) {
    const voltages = distinct(facts.kvps ?? []).join(' and ');
    return `Tube voltages of ${voltages} kV in one series: thresholds hold at one voltage, so the score is not comparable.`;
  }
  if (kvp === null) return `Tube voltage not recorded: the thresholds hold at ${STANDARD_KVP} kV.`;
  const row = rowFor(facts);
  if (row && row.kvp !== STANDARD_KVP && isSame(weightEdgesHu, row.weightEdgesHu)) {
    return `Tube voltage ${kvp} kV: thresholds ${used} by tube voltage (${row.source}) instead of the standard ${STANDARD_WEIGHT_EDGES_HU.join(', ')} HU; the score compares with others only as far as that table holds.`;
  }
  if (!isSame(weightEdgesHu, STANDARD_WEIGHT_EDGES_HU)) {
    return `Tube voltage ${kvp} kV: the weights start at ${used}, which is neither the standard nor the table for this voltage.`;
  }
  if (kvp === STANDARD_KVP) return `Tube voltage ${kvp} kV: the standard thresholds ${used} hold.`;
  const start = `Tube voltage ${kvp} kV: the thresholds hold at ${STANDARD_KVP} kV`;
  if (keepsStandard(facts)) {
    return `Tube voltage ${kvp} kV with the kernel ${facts.kernels!.join(' and ')}: kernels named Sa are made to give calcium its CT number of ${STANDARD_KVP} kV, so ${STANDARD_WEIGHT_EDGES_HU[0]} HU is kept (Booij et al. 2020, doi:10.1007/s00330-020-06709-9; to be verified for this scanner).`;
  }
  if (hasTinFilter(facts)) {
    return `${start}, and the table by tube voltage has no row for a tin filter; the score is not comparable.`;
  }
  return row
    ? `${start}, scores at other voltages are not comparable; thresholds by tube voltage would be ${row.weightEdgesHu.join(', ')} HU.`
    : `${start}, and the table by tube voltage has no row for ${kvp} kV; the score is not comparable.`;
}

/** True where thresholdReason has nothing to warn of: standard thresholds at the one voltage that they hold at. */
export function areThresholdsStandard(
  facts: VoltageFacts,
  { weightEdgesHu }: Pick<Convention, 'weightEdgesHu'>,
): boolean {
  return facts.kvp === STANDARD_KVP && !isMixed(facts) && isSame(weightEdgesHu, STANDARD_WEIGHT_EDGES_HU);
}

/** The table's row for an acquisition, null where the standard stays. */
function rowFor(facts: VoltageFacts): VoltageThresholds | null {
  if (facts.kvp === null || isMixed(facts) || keepsStandard(facts) || hasTinFilter(facts)) return null;
  return VOLTAGE_TABLE.find(({ kvp }) => kvp === facts.kvp) ?? null;
}

function isMixed({ kvps = [] }: VoltageFacts): boolean {
  return distinct(kvps).length > 1;
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}

/** Siemens kernels Sa..: artificial 120 kV. */
function keepsStandard({ kernels = [] }: VoltageFacts): boolean {
  return kernels.length > 0 && kernels.every(kernel => kernel.trim().startsWith('Sa'));
}

function hasTinFilter({ filterMaterials = [] }: VoltageFacts): boolean {
  return filterMaterials.some(material => /\b(tin|sn)\b/i.test(material));
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
