import type { Convention } from './convention.ts';
import { NO_VOXEL_HU } from './hu-volume.ts';
import {
  type CalibrationRoi,
  type CalibrationRois,
  enteredCalibration,
  type MassCalibration,
  measuredCalibration,
} from './mass.ts';
import { plainList, plainMagnitude, plainNumber, plainObject, plainPair } from './plain-values.ts';
import type { HeartRegion, RegionShape } from './region.ts';

/**
 * A convention from plain values.
 * @throws Error with a clause that says what is wrong
 */
export function conventionFromPlain(plain: unknown): Convention {
  const convention = plainObject(plain, 'the convention');
  const { connectivity, volumeMethod, equivalent3mm } = convention;
  const minimum = plainObject(convention.minimumLesion, 'the minimum lesion');
  if (connectivity !== 4 && connectivity !== 8) throw new Error('its connectivity is neither 4 nor 8');
  if (volumeMethod !== 'voxels' && volumeMethod !== 'isotropic') throw new Error('its volume method is not known');
  if (typeof equivalent3mm !== 'boolean') throw new Error('it does not say whether the score is for 3 mm');
  if (minimum.rule !== 'area' && minimum.rule !== 'pixels') throw new Error('its minimum lesion is not known');
  const thresholdHu = plainNumber(convention.thresholdHu, 'its threshold');
  if (thresholdHu <= NO_VOXEL_HU) throw new Error('its threshold is one that padding reaches');
  const weightEdgesHu = plainList(convention.weightEdgesHu, 'the weights').map(edge => plainNumber(edge, 'a weight'));
  if (weightEdgesHu.length === 0) throw new Error('it has no weights');
  if (weightEdgesHu.some((edge, i) => i > 0 && edge <= weightEdgesHu[i - 1]!))
    throw new Error('its weights do not ascend');
  return {
    thresholdHu,
    connectivity,
    minimumLesion:
      minimum.rule === 'area'
        ? { rule: 'area', areaMm2: plainMagnitude(minimum.areaMm2, 'its minimum area') }
        : { rule: 'pixels', pixels: plainMagnitude(minimum.pixels, 'its minimum of pixels') },
    equivalent3mm,
    weightEdgesHu,
    volumeMethod,
  };
}

/**
 * A mass calibration from plain values, checked as a new one is.
 * @throws Error with a clause or a sentence that says what is wrong
 */
export function calibrationFromPlain(plain: unknown): MassCalibration {
  const { factorMgPerMm3Hu, origin, ...given } = plainObject(plain, 'the calibration');
  const { kind, ...measured } = plainObject(origin, 'the origin of the calibration');
  const factor = plainNumber(factorMgPerMm3Hu, 'its calibration factor');
  const [date, text] = [String(given.date), String(given.text)];
  if (kind === 'entered') return enteredCalibration({ factor, unit: 'mg/mm3/HU', date, text });
  if (kind !== 'measured') throw new Error('the origin of its calibration is not known');
  const calibration = measuredCalibration({
    densityMgPerCm3: plainNumber(measured.densityMgPerCm3, 'the density of its calibration'),
    insertMeanHu: plainNumber(measured.insertMeanHu, 'a mean of its calibration'),
    waterMeanHu: plainNumber(measured.waterMeanHu, 'a mean of its calibration'),
    ...(measured.rois !== undefined && { rois: roisFromPlain(measured.rois) }),
    date,
    text,
  });
  if (calibration.factorMgPerMm3Hu !== factor)
    throw new Error('its calibration factor is not the one that was measured');
  return checkedRois(calibration);
}

/** A calibration says its means twice where its regions were drawn; whoever edits it may forget one of them. */
function checkedRois(calibration: MassCalibration): MassCalibration {
  const { origin } = calibration;
  if (origin.kind !== 'measured' || !origin.rois) return calibration;
  const { insert, water } = origin.rois;
  if (insert.meanHu !== origin.insertMeanHu || water.meanHu !== origin.waterMeanHu)
    throw new Error('the means of its calibration are not those of its regions');
  return calibration;
}

function roisFromPlain(plain: unknown): CalibrationRois {
  const { insert, water } = plainObject(plain, 'the regions of its calibration');
  return { insert: roiFromPlain(insert), water: roiFromPlain(water) };
}

function roiFromPlain(plain: unknown): CalibrationRoi {
  const roi = plainObject(plain, 'a region of its calibration');
  const [slice, pixels] = [roi.slice, roi.pixels].map(count => plainMagnitude(count, 'a region of its calibration'));
  if (!Number.isInteger(slice) || !Number.isInteger(pixels)) throw new Error('a region of its calibration cannot be');
  return {
    slice: slice!,
    imageName: String(roi.imageName),
    centre: plainPair(roi.centre, 'the centre of a region of its calibration'),
    radii: radiiFromPlain(roi.radii),
    pixels: pixels!,
    meanHu: plainNumber(roi.meanHu, 'a mean of its calibration'),
    sdHu: plainMagnitude(roi.sdHu, 'a deviation of its calibration'),
  };
}

/**
 * A heart region from plain values.
 * @throws Error with a clause that says what is wrong
 */
export function regionFromPlain(plain: unknown): HeartRegion {
  const shapes = plainList(plainObject(plain, 'the heart region').shapes, 'the shapes of the heart region');
  if (shapes.length === 0) throw new Error('the heart region has no shape');
  return { shapes: shapes.map(shapeFromPlain) };
}

function shapeFromPlain(plain: unknown): RegionShape {
  const shape = plainObject(plain, 'a shape of the heart region');
  const slices = plainPair(shape.slices, 'the slices of the heart region');
  const [first, last] = slices;
  if (![first, last].every(Number.isInteger) || first < 0 || last < first) {
    throw new Error(`the heart region has a shape on the slices ${first} to ${last}, which cannot be`);
  }
  if (shape.kind === 'ellipse') {
    return {
      kind: shape.kind,
      centre: plainPair(shape.centre, 'the centre of an ellipse'),
      radii: radiiFromPlain(shape.radii),
      slices,
    };
  }
  if (shape.kind !== 'polygon') throw new Error('a shape of the heart region is not known');
  const points = plainList(shape.points, 'the points of a polygon');
  if (points.length < 3) throw new Error(`the heart region has an outline of ${points.length} points`);
  return { kind: shape.kind, points: points.map(point => plainPair(point, 'a point of a polygon')), slices };
}

function radiiFromPlain(plain: unknown): readonly [number, number] {
  const [width, height] = plainPair(plain, 'the radii of an ellipse');
  return [plainMagnitude(width, 'a radius of an ellipse'), plainMagnitude(height, 'a radius of an ellipse')];
}
