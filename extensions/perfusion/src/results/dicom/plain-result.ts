import type { RunReport } from '@voxelwise/compute';
import type { SourceSlice } from '@voxelwise/dicom';
import { PERFUSION_MAPS, type PerfusionMap } from '../../core/index.ts';
import type { MapStatistics } from '../../core/regions/map-statistics.ts';
import { COLOR_MAPS } from '../color-map/color-maps.ts';
import type { PerfusionResult, StrokeResult } from '../perfusion-result.ts';
import {
  countShape,
  dictionaryShape,
  eitherShape,
  flagShape,
  listShape,
  nullable,
  numberShape,
  objectShape,
  partialShape,
  type Shape,
  textShape,
  tupleShape,
  wordShape,
} from './plain-shape.ts';

// Everything of a result but its voxels, as JSON that gives back every number exactly.

const FORMAT = 'voxelwise-perfusion 1';

/** A result without the voxels of maps and masks. */
export interface PlainResult extends Omit<PerfusionResult, 'maps' | 'stroke' | 'run'> {
  readonly stroke: Omit<StrokeResult, 'core' | 'hypoperfused'> | null;
  readonly run: Pick<RunReport, 'producer' | 'milliseconds' | 'deviceName' | 'workers' | 'notes'>;
}

/** What the objects of a result say of each other. */
export interface PlainRecord {
  readonly result: PlainResult;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** The images that slices are counted by, as sliceName names them. */
  readonly slices: readonly string[];
  /** SOP Instance UIDs of the maps. */
  readonly maps: Readonly<Record<PerfusionMap, string>>;
  readonly segmentation: string;
  /** What the viewer wants back, in a form of its own; '' for nothing. */
  readonly reopening: string;
}

/** SOP Instance UID of a slice, with its frame where it is one of several. */
export function sliceName({
  sopInstanceUid,
  frameNumber,
}: Pick<SourceSlice, 'sopInstanceUid' | 'frameNumber'>): string {
  return frameNumber === undefined ? sopInstanceUid : `${sopInstanceUid} frame ${frameNumber}`;
}

export function recordAsText({ result, ...record }: PlainRecord): string {
  const { run, stroke, curves, ...plain } = result;
  const { producer, milliseconds, deviceName, workers, notes } = run;
  const { core: _core, hypoperfused: _hypoperfused, ...numbers } = (stroke ?? {}) as Partial<StrokeResult>;
  return JSON.stringify({
    format: FORMAT,
    ...record,
    result: {
      dimensions: plain.dimensions,
      spacingMm: plain.spacingMm,
      settings: plain.settings,
      display: plain.display,
      regions: plain.regions,
      timingsMs: plain.timingsMs ?? {},
      warnings: plain.warnings,
      notes: plain.notes,
      software: plain.software,
      curves: {
        timesS: Array.from(curves.timesS),
        // JSON has no NaN, and writes null for it.
        curves: curves.curves.map(({ kind, name, values }) => ({ kind, name, values: Array.from(values) })),
      },
      stroke: stroke && numbers,
      run: { producer, milliseconds, deviceName: deviceName ?? null, workers: workers ?? null, notes },
    },
  });
}

/** @throws Error where the text is no record of ours; the message, a clause, says what is wrong */
export function recordFromText(text: string): PlainRecord {
  let plain: unknown;
  try {
    plain = JSON.parse(text);
  } catch {
    throw new Error('its record is damaged and cannot be read');
  }
  const { format } = objectShape({ format: textShape })(plain, 'its record');
  if (format !== FORMAT) throw new Error(`its record is in the format ${JSON.stringify(format)}`);
  const { result, ...record } = RECORD(plain, 'its record');
  const { run, ...rest } = result;
  return {
    ...record,
    result: {
      ...rest,
      run: {
        producer: run.producer,
        milliseconds: run.milliseconds,
        notes: run.notes,
        ...(run.deviceName !== null && { deviceName: run.deviceName }),
        ...(run.workers !== null && { workers: run.workers }),
      },
    },
  };
}

const pair = tupleShape<[number, number]>(numberShape, numberShape);
const nanNumber: Shape<number> = (value, what) => (value === null ? Number.NaN : numberShape(value, what));

/** A number that older records do not have. */
const laterNumber: Shape<number | null> = (value, what) =>
  value === undefined || value === null ? null : numberShape(value, what);

function ofEveryMap<T>(shape: Shape<T>) {
  return Object.fromEntries(PERFUSION_MAPS.map(map => [map, shape])) as Record<PerfusionMap, Shape<T>>;
}

const METHOD = eitherShape<PerfusionResult['settings']['method']>(
  objectShape({ name: wordShape('ssvd', 'csvd', 'tikhonov'), truncation: numberShape }),
  objectShape({ name: wordShape('osvd'), oscillationTarget: numberShape }),
  objectShape({ name: wordShape('lr'), maximumIterations: numberShape, noiseFactor: numberShape }),
);

const SIGNAL = eitherShape<PerfusionResult['settings']['signal']>(
  objectShape({ kind: wordShape('attenuation') }),
  objectShape({ kind: wordShape('susceptibility'), echoTimeS: numberShape }),
);

const CHOSEN_BY = wordShape('automatic', 'reader');
const VOXELS = listShape(countShape);

const SETTINGS = objectShape({
  signal: SIGNAL,
  timePoints: countShape,
  intervalS: numberShape,
  isResampled: flagShape,
  baseline: tupleShape<[number, number]>(countShape, countShape),
  smoothing: objectShape({ temporalSigmaS: numberShape, spatialSigmaMm: numberShape }),
  method: METHOD,
  constants: objectShape({ hematocritFactor: numberShape, densityGPerMl: numberShape }),
  aif: objectShape({ voxels: VOXELS, chosenBy: CHOSEN_BY, scale: numberShape }),
  vof: nullable(objectShape({ voxels: VOXELS, chosenBy: CHOSEN_BY })),
  maskVoxels: countShape,
});

const STROKE = objectShape({
  coreMl: numberShape,
  hypoperfusedMl: numberShape,
  mismatchMl: numberShape,
  mismatchRatio: nullable(numberShape),
  hypoperfusionIntensityRatio: nullable(numberShape),
  rules: objectShape({
    method: METHOD,
    coreFlowPart: numberShape,
    coreReference: textShape,
    hypoperfusionTmaxS: numberShape,
    severeTmaxS: numberShape,
    leastMl: laterNumber,
    further: listShape(textShape),
  }),
});

const STATISTICS: Shape<MapStatistics> = objectShape({
  voxels: countShape,
  mean: numberShape,
  standardDeviation: numberShape,
  median: numberShape,
  minimum: numberShape,
  maximum: numberShape,
});

const MEASURED = { voxels: countShape, volumeMl: numberShape, maps: partialShape(ofEveryMap(STATISTICS)) };

const RESULT = objectShape({
  dimensions: tupleShape<[number, number, number]>(countShape, countShape, countShape),
  spacingMm: tupleShape<[number, number, number]>(numberShape, numberShape, numberShape),
  settings: SETTINGS,
  display: objectShape({ colorMap: wordShape(...COLOR_MAPS), ranges: objectShape(ofEveryMap(pair)) }),
  regions: listShape(objectShape({ name: textShape, ...MEASURED, mirrored: nullable(objectShape(MEASURED)) })),
  timingsMs: dictionaryShape(numberShape),
  warnings: listShape(textShape),
  notes: listShape(textShape),
  software: objectShape({ name: textShape, version: textShape }),
  curves: objectShape({
    timesS: listShape(numberShape),
    curves: listShape(
      objectShape({
        kind: wordShape('aif', 'vof', 'tissue', 'mirrored'),
        name: textShape,
        values: listShape(nanNumber),
      }),
    ),
  }),
  stroke: nullable(STROKE),
  run: objectShape({
    producer: wordShape('webgl2', 'wasm', 'ts'),
    milliseconds: numberShape,
    deviceName: nullable(textShape),
    workers: nullable(countShape),
    notes: listShape(textShape),
  }),
});

const RECORD = objectShape({
  savedAt: numberShape,
  slices: listShape(textShape),
  maps: objectShape(ofEveryMap(textShape)),
  segmentation: textShape,
  reopening: textShape,
  result: RESULT,
});
