import { type CtImageHeader, ctImageOf } from '../ct-image.ts';
import type { Keyword } from '../results/attributes.ts';
import { flatGroups } from '../results/functional-groups.ts';
import { itemOf, itemsOf, joinedTextOf, type NaturalDataSet, numberOf } from '../results/natural.ts';

/**
 * What the header of one image, or of one frame of a multi-frame image, says. Texts are '' where the attribute is absent; of a
 * frame they come from its functional groups.
 */
export interface DynamicFrame extends CtImageHeader {
  /** From 1, in its image. */
  readonly frame: number;
  readonly sliceThickness: string;
  readonly acquisitionDate: string;
  /** AcquisitionDateTime, of a frame FrameAcquisitionDateTime. */
  readonly acquisitionDateTime: string;
  readonly contentDate: string;
  readonly contentTime: string;
  readonly temporalPositionIdentifier: string;
  /** Only frames have one. */
  readonly temporalPositionIndex: string;
  /** TemporalPositionTimeOffset in s, which only frames have. */
  readonly temporalPositionTimeOffset: string;
  /** ms. Of a frame NominalCardiacTriggerDelayTime. */
  readonly triggerTime: string;
  /** ms */
  readonly temporalResolution: string;
  /** ms. Of a frame EffectiveEchoTime. */
  readonly echoTime: string;
  /** s/mm2 */
  readonly diffusionBValue: string;
}

/**
 * Headers of the frames of an image, in their order; of a single image its own.
 * @param image a data set as a viewer holds it, or as toDataSet gives it
 * @param label names the image in messages; "image 12" by default
 */
export function dynamicFramesOf(image: NaturalDataSet, label?: string): DynamicFrame[] {
  const count = numberOf(image, 'NumberOfFrames');
  if (!(count > 1)) return [frameOf(image, 1, label)];
  const shared = flatGroups(itemOf(image, 'SharedFunctionalGroupsSequence'));
  const groups = itemsOf(image, 'PerFrameFunctionalGroupsSequence');
  const { PerFrameFunctionalGroupsSequence: _, SharedFunctionalGroupsSequence: __, ...common } = image;
  return Array.from({ length: count }, (_, index) => {
    const frame = { ...common, ...shared, ...flatGroups(groups[index] ?? {}) };
    const named = frameOf(frame, index + 1, label);
    return { ...named, label: `frame ${index + 1} of ${named.label}` };
  });
}

function frameOf(image: NaturalDataSet, frame: number, label: string | undefined): DynamicFrame {
  const text = (...keywords: Keyword[]) =>
    keywords.map(keyword => joinedTextOf(image, keyword).trim()).find(value => value !== '') ?? '';
  const header = ctImageOf(image);
  return {
    ...header,
    label: label ?? header.label,
    imageType: text('FrameType', 'ImageType'),
    acquisitionNumber: text('FrameAcquisitionNumber', 'AcquisitionNumber'),
    frame,
    sliceThickness: text('SliceThickness'),
    acquisitionDate: text('AcquisitionDate'),
    acquisitionDateTime: text('FrameAcquisitionDateTime', 'AcquisitionDateTime'),
    contentDate: text('ContentDate'),
    contentTime: text('ContentTime'),
    temporalPositionIdentifier: text('TemporalPositionIdentifier'),
    temporalPositionIndex: text('TemporalPositionIndex'),
    temporalPositionTimeOffset: text('TemporalPositionTimeOffset'),
    triggerTime: text('NominalCardiacTriggerDelayTime', 'TriggerTime'),
    temporalResolution: text('TemporalResolution'),
    echoTime: text('EffectiveEchoTime', 'EchoTime'),
    diffusionBValue: text('DiffusionBValue'),
  };
}
