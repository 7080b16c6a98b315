/** DICOM attributes that tell of ECG gating; '' where absent. */
export interface GatingAttributes {
  /** CardiacSynchronizationTechnique (0018,9037). */
  readonly cardiacSynchronizationTechnique: string;
  /** ScanOptions (0018,0022), as DICOM writes several values. */
  readonly scanOptions: string;
  /** TriggerTime (0018,1060). */
  readonly triggerTime: string;
  /** NominalPercentageOfCardiacPhase (0020,9241). */
  readonly cardiacPhasePercent: string;
}

const GATING = /ecg|ekg|gat(e|ing)|cardiac|trig/i;
/** "NON GATED", "UNGATED", "NO_ECG", "ECG OFF": the options say that there was no gating. */
const NO_GATING = /\b(no|non|not|none|without|off|disabled)\b|\b(un|non)-?(ecg|ekg|gat|cardiac|trig)/i;
/** Of breathing, not of the heart. */
const RESPIRATORY = /resp/i;

/**
 * What a header says of ECG gating, in its own words; '' where it records none, or says that there was none. Classic CT
 * images have no attribute that must say so, and an ungated scan looks the same as one whose scanner did not write it
 * down. A trigger time of 0 is what scanners write without a trigger.
 */
export function gatingOf(attributes: GatingAttributes): string {
  const [technique, options, triggerTime, phase] = [
    attributes.cardiacSynchronizationTechnique,
    attributes.scanOptions,
    attributes.triggerTime,
    attributes.cardiacPhasePercent,
  ].map(text => text.trim()) as [string, string, string, string];
  if (technique !== '') return isNegated(technique) ? '' : technique;
  const telling = options.split('\\').filter(option => GATING.test(option) && !RESPIRATORY.test(option));
  if (telling.length > 0) return telling.some(isNegated) ? '' : options;
  if (phase !== '') return `cardiac phase ${phase} %`;
  return Number.parseFloat(triggerTime) > 0 ? `trigger time ${triggerTime} ms` : '';
}

function isNegated(option: string): boolean {
  return NO_GATING.test(option.replaceAll('_', ' '));
}
