/** What a voxel of the stroke phantom is made of. The number is the voxel's label. */
export const STROKE_TISSUES = [
  'air',
  'scalp',
  'skull',
  'cerebrospinal fluid',
  'gray matter',
  'white matter',
  'gray matter, penumbra',
  'white matter, penumbra',
  'gray matter, core',
  'white matter, core',
  'artery',
  'artery, partial volume',
  'sagittal sinus',
] as const;

export type StrokeTissue = (typeof STROKE_TISSUES)[number];

/** Label of a tissue. */
export function tissueLabel(tissue: StrokeTissue): number {
  return STROKE_TISSUES.indexOf(tissue);
}

/** Signal before the contrast agent arrives: HU, and any unit of MR. */
export interface RestSignal {
  readonly hu: number;
  readonly mr: number;
}

export const REST_SIGNALS: Readonly<Record<StrokeTissue, RestSignal>> = {
  air: { hu: -1000, mr: 0 },
  scalp: { hu: 20, mr: 250 },
  skull: { hu: 1000, mr: 40 },
  'cerebrospinal fluid': { hu: 5, mr: 1500 },
  'gray matter': { hu: 37, mr: 900 },
  'white matter': { hu: 29, mr: 700 },
  'gray matter, penumbra': { hu: 37, mr: 900 },
  'white matter, penumbra': { hu: 29, mr: 700 },
  // two hours after the vessel closed the edema lowers the tissue by little
  'gray matter, core': { hu: 34, mr: 920 },
  'white matter, core': { hu: 27, mr: 720 },
  artery: { hu: 45, mr: 800 },
  'artery, partial volume': { hu: 41, mr: 800 },
  'sagittal sinus': { hu: 50, mr: 850 },
};

/** Blood supply of a perfused tissue. */
export interface BloodSupply {
  /** mL/100 g/min. */
  readonly cbf: number;
  /** mL/100 g. */
  readonly cbv: number;
  /** Of the arrival after that in the artery, s. */
  readonly delayS: number;
}

/** Normal values of the recipe. */
export const NORMAL_GRAY_MATTER: BloodSupply = { cbf: 60, cbv: 4, delayS: 0 };
export const NORMAL_WHITE_MATTER: BloodSupply = { cbf: 25, cbv: 2, delayS: 0 };

export interface LesionParameters {
  /** Flow of the core as a part of the same tissue's normal flow. */
  readonly coreFlow: number;
  /** Flow of the penumbra, likewise. */
  readonly penumbraFlow: number;
  /** Delay of core and penumbra, s. */
  readonly delayS: number;
}

/** Blood volume in the lesion as a part of normal: kept by dilated vessels in the penumbra, lost in the core. */
const CORE_VOLUME = 0.3;
const PENUMBRA_VOLUME = 1;

/**
 * Flow and volume of the perfused tissues. The transit time follows from the central volume theorem, MTT = 60 * CBV / CBF: with
 * 15 % and 45 % flow it is 4 s in normal gray matter, 8.9 s in its penumbra and 8 s in its core (white matter 4.8, 10.7 and
 * 9.6 s).
 */
export function bloodSupplies(lesion: LesionParameters): ReadonlyMap<StrokeTissue, BloodSupply> {
  const { coreFlow, penumbraFlow, delayS } = lesion;
  const part = (normal: BloodSupply, flow: number, volume: number): BloodSupply => ({
    cbf: normal.cbf * flow,
    cbv: normal.cbv * volume,
    delayS,
  });
  return new Map<StrokeTissue, BloodSupply>([
    ['gray matter', NORMAL_GRAY_MATTER],
    ['white matter', NORMAL_WHITE_MATTER],
    ['gray matter, penumbra', part(NORMAL_GRAY_MATTER, penumbraFlow, PENUMBRA_VOLUME)],
    ['white matter, penumbra', part(NORMAL_WHITE_MATTER, penumbraFlow, PENUMBRA_VOLUME)],
    ['gray matter, core', part(NORMAL_GRAY_MATTER, coreFlow, CORE_VOLUME)],
    ['white matter, core', part(NORMAL_WHITE_MATTER, coreFlow, CORE_VOLUME)],
  ]);
}
