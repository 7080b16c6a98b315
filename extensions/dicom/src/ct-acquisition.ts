import { itemsOf, joinedTextOf, type NaturalDataSet } from './results/natural.ts';

/** How one CT image was made, as its header says: texts, '' where absent, several values joined by a backslash. */
export interface CtAcquisition {
  readonly kvp: string;
  readonly kernel: string;
  readonly filterMaterial: string;
  readonly sliceThickness: string;
  readonly imageType: string;
  /** Contrast/Bolus Agent, which some scanners only name by a code. */
  readonly contrastAgent: string;
  readonly cardiacSynchronizationTechnique: string;
  readonly scanOptions: string;
  readonly triggerTime: string;
  readonly cardiacPhasePercent: string;
}

/** How an image was made, from its attributes. */
export function ctAcquisitionOf(image: NaturalDataSet): CtAcquisition {
  const text = (keyword: Parameters<typeof joinedTextOf>[1]) => joinedTextOf(image, keyword).trim();
  const hasAgentCode = itemsOf(image, 'ContrastBolusAgentSequence').length > 0;
  return {
    kvp: text('KVP'),
    kernel: text('ConvolutionKernel'),
    filterMaterial: text('FilterMaterial'),
    sliceThickness: text('SliceThickness'),
    imageType: text('ImageType'),
    contrastAgent: text('ContrastBolusAgent') || (hasAgentCode ? 'named by code' : ''),
    cardiacSynchronizationTechnique: text('CardiacSynchronizationTechnique'),
    scanOptions: text('ScanOptions'),
    triggerTime: text('TriggerTime'),
    cardiacPhasePercent: text('NominalPercentageOfCardiacPhase'),
  };
}
