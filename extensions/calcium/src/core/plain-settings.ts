import type { Convention } from './convention.ts';
import { NO_VOXEL_HU } from './hu-volume.ts';
import { enteredCalibration, type MassCalibration, measuredCalibration } from './mass.ts';
import { plainList, plainNumber, plainObject, plainPair } from './plain-values.ts';
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
  if (weightEdgesHu.some((edge, i) => i > 0 && edge <= weightEdgesHu[i - 1]!))
    throw new Error('its weights do not ascend');
  return {
    thresholdHu,
    connectivity,
    minimumLesion:
      minimum.rule === 'area'
        ? { rule: 'area', areaMm2: plainNumber(minimum.areaMm2, 'its minimum area') }
        : { rule: 'pixels', pixels: plainNumber(minimum.pixels, 'its minimum of pixels') },
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
    date,
    text,
  });
  if (calibration.factorMgPerMm3Hu !== factor)
    throw new Error('its calibration factor is not the one that was measured');
  return calibration;
}

/**
 * A heart region from plain values.
 * @throws Error with a clause that says what is wrong
 */
export function regionFromPlain(plain: unknown): HeartRegion {
  const shapes = plainList(plainObject(plain, 'the heart region').shapes, 'the shapes of the heart region');
  return { shapes: shapes.map(shapeFromPlain) };
}

function shapeFromPlain(plain: unknown): RegionShape {
  const shape = plainObject(plain, 'a shape of the heart region');
  const slices = plainPair(shape.slices, 'the slices of the heart region');
  if (shape.kind === 'ellipse') {
    return {
      kind: shape.kind,
      centre: plainPair(shape.centre, 'the centre of an ellipse'),
      radii: plainPair(shape.radii, 'the radii of an ellipse'),
      slices,
    };
  }
  if (shape.kind !== 'polygon') throw new Error('a shape of the heart region is not known');
  const points = plainList(shape.points, 'the points of a polygon');
  return { kind: shape.kind, points: points.map(point => plainPair(point, 'a point of a polygon')), slices };
}
