import type { AreaShape } from '@voxelwise/host';
import type { FlowReference, PerfusionMap, StrokeThresholds } from '../core/index.ts';
import { PERFUSION_MAPS } from '../core/index.ts';
import {
  countShape,
  eitherShape,
  flagShape,
  listShape,
  nullable,
  numberShape,
  objectShape,
  type Shape,
  textShape,
  tupleShape,
  wordShape,
} from '../results/dicom/plain-shape.ts';
import type { PerfusionSettings } from '../results/index.ts';
import type { Decisions } from './decisions.ts';
import type { PerfusionState } from './state.ts';

/** What the viewer wants back when a stored result is reopened, beside what the result itself says. */
export interface SavedDecisions {
  readonly aif: Decisions['aif'];
  readonly vof: Decisions['vof'];
  readonly scaleByVof: boolean;
  readonly rules: StrokeThresholds;
  readonly regions: Decisions['regions'];
  readonly shownMaps: readonly PerfusionMap[];
}

const FORMAT = 'voxelwise-perfusion decisions 1';

export function decisionsAsText({ history, shownMaps }: Pick<PerfusionState, 'history' | 'shownMaps'>): string {
  const { aif, vof, settings, rules, regions } = history.present;
  return JSON.stringify({ format: FORMAT, aif, vof, scaleByVof: settings.scaleByVof, rules, regions, shownMaps });
}

/** @throws Error where a text is none of ours; the message, a clause, says what is wrong */
export function decisionsFromText(text: string): SavedDecisions {
  let plain: unknown;
  try {
    plain = JSON.parse(text);
  } catch {
    throw new Error('its decisions are damaged and cannot be read');
  }
  const { format } = objectShape({ format: textShape })(plain, 'what was decided');
  if (format !== FORMAT) throw new Error(`its decisions are in the format ${JSON.stringify(format)}`);
  return DECISIONS(plain, 'what was decided');
}

/** All decisions: those that were saved, with the settings of the maps. */
export function decisionsOf(
  { aif, vof, scaleByVof, rules, regions }: SavedDecisions,
  { method, smoothing, constants }: PerfusionSettings,
): Decisions {
  return { aif, vof, rules, regions, settings: { method, smoothing, constants, scaleByVof } };
}

const POINT = tupleShape<[number, number]>(numberShape, numberShape);
const VOXELS = nullable(listShape(countShape));

const SHAPE: Shape<AreaShape> = eitherShape<AreaShape>(
  objectShape({ kind: wordShape('ellipse'), centre: POINT, radii: POINT }),
  objectShape({ kind: wordShape('polygon'), points: listShape(POINT) }),
);

const REFERENCE: Shape<FlowReference> = eitherShape<FlowReference>(
  objectShape({ kind: wordShape('mirrored'), radiusMm: numberShape }),
  objectShape({ kind: wordShape('hemisphere') }),
);

const DECISIONS: Shape<SavedDecisions> = objectShape({
  aif: VOXELS,
  vof: VOXELS,
  scaleByVof: flagShape,
  rules: objectShape({
    coreFlowPart: numberShape,
    hypoperfusionTmaxS: numberShape,
    severeTmaxS: numberShape,
    reference: REFERENCE,
    leastMl: numberShape,
  }),
  regions: listShape(objectShape({ name: textShape, slice: countShape, shape: SHAPE })),
  shownMaps: listShape(wordShape(...PERFUSION_MAPS)),
});
