import {
  type CalibrationRoi,
  calendarDay,
  calibrationFromRois,
  ellipseProblem,
  enteredCalibration,
  type MassCalibration,
  measureEllipse,
} from '@voxelwise/calcium/core';
import { type LoadedSeries, sliceHuOf } from '../dicom-folder/load-series.ts';
import { readJsonFile } from '../json-file.ts';
import { Refusal } from '../refusal.ts';
import { numberPair, quoted } from '../regions.ts';
import type { Switches } from './arguments.ts';

const DISC_SHAPE = '{"centre": [row, column], "radiusMm": 5, "slice": 32}';
const SHAPE = `{"densityMgPerCm3": 200, "insert": ${DISC_SHAPE}, "water": ${DISC_SHAPE}}`;
const KEYS = ['densityMgPerCm3', 'insert', 'water'];
const DISC_KEYS = ['centre', 'radiusMm', 'slice'];

/**
 * The calibration of an option, null without it.
 * @throws Refusal when no scanner has such a factor.
 */
export function calibrationOf({ massCalibration }: Switches, day: Date): MassCalibration | null {
  if (!massCalibration) return null;
  return orRefused(() =>
    enteredCalibration({ ...massCalibration, date: calendarDay(day), text: 'on the command line' }),
  );
}

/** Reads and parses a calibration file; measuredOn checks it, once the volume is known. */
export function readCalibrationFile(path: string): Promise<unknown> {
  return readJsonFile(path, 'calibration file', '--calibration-rois', SHAPE);
}

/**
 * The calibration that two discs on the scan give, by the rules of the viewer's ellipses.
 * @throws Refusal naming the field, or saying why the discs do not give a factor.
 */
export function measuredOn(series: LoadedSeries, file: unknown, day: Date): MassCalibration {
  const { densityMgPerCm3, insert, water } = objectOf(file, 'The calibration file', KEYS);
  if (typeof densityMgPerCm3 !== 'number' || !Number.isFinite(densityMgPerCm3)) {
    throw wrong('densityMgPerCm3', `must be the density of the insert, not ${quoted(densityMgPerCm3)}`);
  }
  const rois = { insert: measuredDisc(series, insert, 'insert'), water: measuredDisc(series, water, 'water') };
  const text = 'discs given on the command line';
  return orRefused(() => calibrationFromRois({ rois, densityMgPerCm3, date: calendarDay(day), text }));
}

function measuredDisc(series: LoadedSeries, value: unknown, name: string): CalibrationRoi {
  const { centre, radiusMm, slice } = objectOf(value, `"${name}" of the calibration file`, DISC_KEYS);
  const { dimensions, spacingMm } = series.volume;
  const place = numberPair(centre);
  if (!place) throw wrong(`${name}.centre`, `must be [row, column], not ${quoted(centre)}`);
  if (typeof radiusMm !== 'number' || !Number.isFinite(radiusMm) || radiusMm <= 0) {
    throw wrong(`${name}.radiusMm`, `must be a length above 0 mm, not ${quoted(radiusMm)}`);
  }
  if (typeof slice !== 'number' || !Number.isInteger(slice) || slice < 0 || slice >= dimensions[2]) {
    throw wrong(`${name}.slice`, `must be a slice from 0 to ${dimensions[2] - 1}, not ${quoted(slice)}`);
  }
  const [row, column] = place;
  const ellipse = {
    centre: [column, row] as const,
    radii: [radiusMm / spacingMm[0], radiusMm / spacingMm[1]] as const,
  };
  const measured = measureEllipse(sliceHuOf(series.volume, slice), dimensions, ellipse);
  const problem = ellipseProblem(measured);
  if (problem) throw new Refusal(`"${name}" of the calibration file: ${problem}`);
  const { pixels, meanHu, sdHu } = measured;
  const imageName = `image ${Number(series.headers[slice]!.instanceNumber) || slice + 1}`;
  return { slice, imageName, ...ellipse, pixels, meanHu, sdHu };
}

function objectOf(value: unknown, what: string, keys: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(`${what} must be an object, not ${quoted(value)}; write ${SHAPE}.`);
  }
  const unknown = Object.keys(value).find(key => !keys.includes(key));
  if (unknown !== undefined) throw wrong(`the key "${unknown}"`, 'is not known');
  return value as Record<string, unknown>;
}

function wrong(field: string, problem: string): Refusal {
  return new Refusal(`The calibration file: ${field} ${problem}; write ${SHAPE}.`);
}

function orRefused(calibrate: () => MassCalibration): MassCalibration {
  try {
    return calibrate();
  } catch (error) {
    throw error instanceof RangeError ? new Refusal(error.message) : error;
  }
}
