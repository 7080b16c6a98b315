import type { DeconvolutionMethod, DynamicSignal, PerfusionMap, Smoothing } from '../core/index.ts';
import { isPerVolume } from './color-map/map-display.ts';
import type { PerfusionSettings, StrokeResult, StrokeRules } from './perfusion-result.ts';

// What the numbers rest on, in words of ASCII, so that they fit into every font and every DICOM character set.

/** Names of the methods, as they begin a sentence. */
const METHOD_NAMES: Readonly<Record<DeconvolutionMethod['name'], string>> = {
  lr: 'Lucy-Richardson',
  csvd: 'Block-circulant SVD',
  osvd: 'Oscillation-limited block-circulant SVD',
  ssvd: 'Standard SVD',
  tikhonov: 'Tikhonov',
};

export function methodName({ name }: Pick<DeconvolutionMethod, 'name'>): string {
  return METHOD_NAMES[name];
}

/** A method with its parameter: "Block-circulant SVD, truncated at 0.1 of the largest singular value". */
export function methodInWords(method: DeconvolutionMethod): string {
  const name = methodName(method);
  switch (method.name) {
    case 'lr':
      return `${name} on the block-circulant system, at most ${method.maximumIterations} iterations, stopped when one lowers the squared residual by no more than ${short(method.noiseFactor)} times the variance of the noise`;
    case 'osvd':
      return `${name}, truncated per voxel until the oscillation index is below ${short(method.oscillationTarget)}`;
    case 'tikhonov':
      return `${name}, lambda ${short(method.truncation)} of the largest singular value`;
    default:
      return `${name}, truncated at ${short(method.truncation)} of the largest singular value`;
  }
}

/** Whether a later arrival of the bolus in the tissue changes the flow that a method finds. */
export function isBiasedByDelay({ name }: Pick<DeconvolutionMethod, 'name'>): boolean {
  return name === 'ssvd' || name === 'tikhonov';
}

/** Whether a map is read off the residue function. CBV is a ratio of areas, and TTP is read off the tissue's own curve. */
export function isDeconvolved(map: PerfusionMap): boolean {
  return map === 'CBF' || map === 'MTT' || map === 'Tmax';
}

/** How one map was made, in a line. */
export function mapMethodInWords(
  map: PerfusionMap,
  settings: Pick<PerfusionSettings, 'method' | 'aif' | 'vof'>,
): string {
  if (map === 'TTP') return 'Time from the end of the baseline to the peak of the tissue curve';
  const how = isDeconvolved(map) ? methodInWords(settings.method) : 'Area of the tissue curve / area of the AIF';
  return `${how}; AIF: ${arteryInWords(settings)}`;
}

/** What a reader has to know of a method that a delay biases, a sentence each. */
export function delayWarnings(method: Pick<DeconvolutionMethod, 'name'>): string[] {
  if (!isBiasedByDelay(method)) return [];
  return [
    `${methodName(method)} takes the tissue to be supplied without delay: where the bolus comes late, it shows too little flow and too long transit.`,
  ];
}

/** Everything that the maps rest on, a line each. */
export function conventionInWords(settings: PerfusionSettings): string[] {
  const { method, constants, timePoints, intervalS, isResampled, baseline, maskVoxels } = settings;
  const [first, end] = baseline;
  return [
    `Deconvolution: ${methodInWords(method)}${isBiasedByDelay(method) ? '; a late bolus lowers its CBF' : ''}`,
    `Series: ${timePoints} time points every ${short(intervalS)} s${isResampled ? ', interpolated from unequal intervals' : ''}`,
    `Contrast: ${contrastInWords(settings.signal)}; baseline: time points ${first + 1} to ${end}`,
    `Smoothing: ${smoothingInWords(settings.smoothing)}`,
    `AIF: ${arteryInWords(settings)}`,
    `CBF = 6000 (f/d) max r, CBV = 100 (f/d) (area of the tissue / area of the AIF), MTT = 60 CBV/CBF, with hematocrit factor f = ${short(constants.hematocritFactor)} and ${isPerVolume(constants) ? 'no density (per 100 mL)' : `density d = ${short(constants.densityGPerMl)} g/mL`}; r is the residue function`,
    'Tmax: time of the maximum of r; TTP: time from the end of the baseline to the peak of the tissue curve',
    `Maps of ${maskVoxels} voxels; no value elsewhere`,
  ];
}

function contrastInWords(signal: DynamicSignal): string {
  return signal.kind === 'attenuation'
    ? 'HU above the mean of the baseline'
    : `change of R2* = -ln(S/S0)/TE, TE ${short(signal.echoTimeS * 1000)} ms`;
}

function smoothingInWords({ spatialSigmaMm, temporalSigmaS }: Smoothing): string {
  const parts = [
    ...(spatialSigmaMm > 0 ? [`${short(spatialSigmaMm)} mm within the slice`] : []),
    ...(temporalSigmaS > 0 ? [`${short(temporalSigmaS)} s over time`] : []),
  ];
  return parts.length > 0 ? `Gaussian, standard deviation ${parts.join(' and ')}` : 'none';
}

function arteryInWords({ aif, vof }: Pick<PerfusionSettings, 'aif' | 'vof'>): string {
  const chosen = ({ voxels, chosenBy }: PerfusionSettings['aif'] | NonNullable<typeof vof>) =>
    `${voxels.length} ${voxels.length === 1 ? 'voxel' : 'voxels'}, ${chosenBy === 'automatic' ? 'found automatically' : 'chosen by the reader'}`;
  const vein = vof ? `; VOF: ${chosen(vof)}` : '; no VOF';
  const scale = aif.scale === 1 ? 'not scaled' : `multiplied by ${short(aif.scale, 4)} against partial volume`;
  return `${chosen(aif)}, ${scale}${vein}`;
}

/** A number of a stroke with the rule that it was measured by. */
export interface RuledNumber {
  readonly name: string;
  /** null where the rule gives none. */
  readonly value: number | null;
  /** '' for ratios. */
  readonly unit: '' | 'mL';
  /** As it is printed, with its unit. */
  readonly text: string;
  readonly rule: string;
}

/** Volumes and ratios of a stroke as they are printed, each beside its rule. */
export function strokeNumbers(stroke: StrokeResult): RuledNumber[] {
  const { rules } = stroke;
  const number = (
    name: string,
    value: number | null,
    unit: RuledNumber['unit'],
    rule: string,
    none = '',
  ): RuledNumber => {
    const text = value === null ? none : unit === 'mL' ? `${value.toFixed(1)} mL` : value.toFixed(2);
    return { name, value, unit, text, rule };
  };
  const coreRule = `CBF < ${percent(rules.coreFlowPart)} of ${rules.coreReference}`;
  const hypoperfusionRule = `Tmax > ${short(rules.hypoperfusionTmaxS)} s`;
  return [
    number('Core', stroke.coreMl, 'mL', coreRule),
    number('Hypoperfusion', stroke.hypoperfusedMl, 'mL', hypoperfusionRule),
    number('Mismatch', stroke.mismatchMl, 'mL', 'hypoperfusion - core'),
    number('Mismatch ratio', stroke.mismatchRatio, '', 'hypoperfusion / core', 'not defined: no core'),
    number(
      'Hypoperfusion intensity ratio',
      stroke.hypoperfusionIntensityRatio,
      '',
      `volume of Tmax > ${short(rules.severeTmaxS)} s / volume of ${hypoperfusionRule}`,
      'not defined: no hypoperfusion',
    ),
  ];
}

/** What all volumes of a stroke rest on, a sentence each. */
export function strokeRulesInWords(rules: StrokeRules): string[] {
  return [
    `Volumes are measured on maps of this method, whatever maps are shown: ${methodInWords(rules.method)}`,
    ...rules.further,
  ].map(text => (text.endsWith('.') ? text : `${text}.`));
}

function percent(part: number): string {
  return `${short(part * 100)} %`;
}

/** Without zeros at the end. */
function short(value: number, digits = 6): string {
  return String(Number(value.toPrecision(digits)));
}
