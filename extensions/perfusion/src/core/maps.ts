/** The maps, in the order in which they are shown. */
export const PERFUSION_MAPS = ['CBF', 'CBV', 'MTT', 'Tmax', 'TTP'] as const;

export type PerfusionMap = (typeof PERFUSION_MAPS)[number];

/** Of one voxel or one curve. */
export interface PerfusionValues {
  /** Cerebral blood flow, mL/100 g/min. */
  readonly cbf: number;
  /** Cerebral blood volume, mL/100 g. */
  readonly cbv: number;
  /** Mean transit time, s: 60 * CBV / CBF. NaN where the flow is not positive. */
  readonly mttS: number;
  /** Time from the end of the baseline to the peak of the curve, s. */
  readonly ttpS: number;
  /** Time of the residue function's maximum, s. Negative where the tissue is earlier than the AIF. */
  readonly tmaxS: number;
}

/** One value per voxel (x fastest, then y, then z), NaN outside the mask. Units as in PerfusionValues. */
export type PerfusionMaps = Readonly<Record<PerfusionMap, Float32Array>>;

/** From concentrations to flow and volume. */
export interface TissueConstants {
  /** (1 - hematocrit of large vessels) / (1 - hematocrit of small vessels). */
  readonly hematocritFactor: number;
  /** Brain tissue, g/mL. */
  readonly densityGPerMl: number;
}

/** Absolute values, as osipy and the oracles take them. */
export const ABSOLUTE_CONSTANTS: TissueConstants = { hematocritFactor: 0.73, densityGPerMl: 1.04 };

/** Per 100 mL and without hematocrit, as OSIPI's objects take them. */
export const RELATIVE_CONSTANTS: TissueConstants = { hematocritFactor: 1, densityGPerMl: 1 };
