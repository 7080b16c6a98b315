import {
  type Algorithm,
  asciiJson,
  type DerivedObjectOptions,
  type DerivedSource,
  type DicomObject,
  type Segment,
  writeSegmentation,
} from '@voxelwise/dicom';
import { strokeNumbers } from '../convention-in-words.ts';
import type { PerfusionResult, VesselChoice } from '../perfusion-result.ts';
import { CURVE_COLORS, rgbOf, STROKE_COLORS } from '../result-colors.ts';
import { CODES } from './perfusion-codes.ts';
import { maskOfVoxels, runsOfMask } from './voxel-runs.ts';

/** What a segment of ours holds; its number is its place among those that there are. */
export type SegmentName = 'core' | 'hypoperfused' | 'aif' | 'vof';

export const SEGMENT_LABELS: Readonly<Record<SegmentName, string>> = {
  core: 'Core',
  hypoperfused: 'Hypoperfusion',
  aif: 'AIF',
  vof: 'VOF',
};

export interface PerfusionSegmentation {
  readonly object: DicomObject;
  /** Of the segments that there are, from 1. */
  readonly numbers: Readonly<Partial<Record<SegmentName, number>>>;
  readonly tracking: (name: SegmentName) => { readonly id: string; readonly uid: string };
}

/**
 * Core and hypoperfusion, and the voxels of AIF and VOF, as one segmentation.
 * @throws DicomResultError where it cannot be written
 */
export function writePerfusionSegmentation(
  source: DerivedSource,
  result: PerfusionResult,
  options: Omit<DerivedObjectOptions, 'sopClassUid' | 'modality' | 'seriesDescription' | 'newUid'> & {
    readonly newUid: () => string;
    readonly readerName?: string;
  },
): PerfusionSegmentation {
  const { settings, stroke, dimensions, software } = result;
  const [columns, rows, slices] = dimensions;
  const uids = { core: options.newUid(), hypoperfused: options.newUid(), aif: options.newUid(), vof: options.newUid() };
  const tracking = (name: SegmentName) => ({ id: `Perfusion ${SEGMENT_LABELS[name]}`, uid: uids[name] });
  const algorithm = (family: Algorithm['family'], parameters: unknown): Algorithm => ({
    ...software,
    family,
    parameters: asciiJson(JSON.stringify(parameters)),
  });
  const rules = stroke ? strokeNumbers(stroke) : [];

  const ofStroke = (name: 'core' | 'hypoperfused', mask: Uint8Array): Segment => ({
    label: SEGMENT_LABELS[name],
    description: rules.find(rule => rule.name === SEGMENT_LABELS[name])!.rule,
    category: CODES.functional,
    type: CODES.perfusion,
    typeModifier: name === 'core' ? CODES.core : CODES.hypoperfusion,
    anatomicRegion: CODES.brain,
    algorithmType: 'AUTOMATIC',
    algorithm: algorithm(CODES.byValue, stroke!.rules),
    color: rgbOf(STROKE_COLORS[name]),
    tracking: tracking(name),
    voxels: runsOfMask(mask, columns),
  });
  const ofVessel = (name: 'aif' | 'vof', { voxels, chosenBy }: VesselChoice): Segment => ({
    label: SEGMENT_LABELS[name],
    description: name === 'aif' ? 'Voxels of the arterial input function' : 'Voxels of the venous output function',
    category: CODES.anatomical,
    type: name === 'aif' ? CODES.artery : CODES.vein,
    algorithmType: chosenBy === 'automatic' ? 'AUTOMATIC' : 'SEMIAUTOMATIC',
    algorithm: algorithm(CODES.byCurves, { chosenBy }),
    color: rgbOf(CURVE_COLORS[name]),
    tracking: tracking(name),
    voxels: runsOfMask(maskOfVoxels(voxels, columns * rows * slices), columns),
  });

  const segments: (readonly [SegmentName, Segment])[] = [
    ...(stroke
      ? ([
          ['core', ofStroke('core', stroke.core)],
          ['hypoperfused', ofStroke('hypoperfused', stroke.hypoperfused)],
        ] as const)
      : []),
    ['aif', ofVessel('aif', settings.aif)],
    ...(settings.vof ? ([['vof', ofVessel('vof', settings.vof)]] as const) : []),
  ];
  const { readerName, ...common } = options;
  return {
    object: writeSegmentation(
      source,
      segments.map(([, segment]) => segment),
      {
        ...common,
        contentLabel: 'PERFUSION',
        contentDescription: stroke ? 'Core, hypoperfusion and vessels' : 'Vessels of the perfusion maps',
        creatorName: readerName ?? '',
        seriesDescription: 'Perfusion segmentation',
      },
    ),
    numbers: Object.fromEntries(segments.map(([name], index) => [name, index + 1])),
    tracking,
  };
}
