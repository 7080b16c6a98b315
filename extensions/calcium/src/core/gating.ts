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

/**
 * What a header says of ECG gating, in its own words; '' where it records none. Classic CT images have no attribute that
 * must say so, and an ungated scan looks the same as one whose scanner did not write it down.
 */
export function gatingOf(attributes: GatingAttributes): string {
  const [technique, options, triggerTime, phase] = [
    attributes.cardiacSynchronizationTechnique,
    attributes.scanOptions,
    attributes.triggerTime,
    attributes.cardiacPhasePercent,
  ].map(text => text.trim()) as [string, string, string, string];
  if (technique !== '') return technique.toUpperCase() === 'NONE' ? '' : technique;
  if (/ecg|ekg|gat(e|ing)|cardiac|trig/i.test(options)) return options;
  if (phase !== '') return `cardiac phase ${phase} %`;
  return triggerTime === '' ? '' : `trigger time ${triggerTime} ms`;
}
