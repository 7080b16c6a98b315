import { forSeeds } from '../core/calcium.test-support.ts';
import { LABELS } from '../core/editing/editing.test-support.ts';
import { applyEdits, scoreVessels, voxelsOfLabel } from '../core/index.ts';
import { readCalciumReport } from '../results/dicom/index.ts';
import { lesionsIn, NOW, randomResult, seriesOf } from './result-objects.test-support.ts';
import { storedResult } from './result-objects.ts';
import { differenceInSums, vesselSums } from './saved-result.ts';

describe('a result as DICOM objects', () => {
  test('reopened has equal labels and equal sums per vessel, whatever the edits, the convention and the region', async () => {
    await forSeeds(25, random => {
      const { volume, convention, region, calibration, labeled, series, objects } = randomResult(random);
      const reopened = storedResult(readCalciumReport(objects.report.bytes), objects.segmentation.bytes, series);
      expect(reopened).toMatchObject({ savedAt: NOW, convention, calibration, zeroConfirmed: true });
      expect(reopened.decisions.region).toEqual(region);
      const set = lesionsIn(volume, reopened.convention, reopened.decisions.region);
      const again = applyEdits(set, reopened.decisions.edits);
      for (const label of LABELS) {
        if (label) expect(voxelsOfLabel(again, label)).toEqual(voxelsOfLabel(labeled, label));
      }
      expect(scoreVessels(again, reopened.calibration)).toEqual(scoreVessels(labeled, calibration));
      expect(differenceInSums(reopened.sums, vesselSums(again))).toBe('');
    });
  });

  test('is not reopened on other slices', async () => {
    await forSeeds(3, random => {
      const { volume, series, objects } = randomResult(random);
      const [nx, ny, nz] = volume.dimensions;
      const report = readCalciumReport(objects.report.bytes);
      const longer = seriesOf({ ...volume, dimensions: [nx, ny, nz + 1] });
      expect(() => storedResult(report, objects.segmentation.bytes, longer)).toThrow(
        `it was made on ${nz} slices, which are not the ${nz + 1} that are loaded now`,
      );
      expect(() => storedResult(report, objects.segmentation.bytes, series)).not.toThrow();
    });
  });

  test('that somebody has changed is not reopened', async () => {
    await forSeeds(3, random => {
      const { series, objects } = randomResult(random);
      const report = readCalciumReport(objects.report.bytes);
      const reopen = (change: Partial<typeof report>) => () =>
        storedResult({ ...report, ...change }, objects.segmentation.bytes, series);
      expect(reopen({})).not.toThrow();
      expect(reopen({ convention: { ...report.convention, thresholdHu: 131 } })).toThrow(
        'its convention is another one',
      );
      expect(reopen({ region: { shapes: [] } })).toThrow('its convention is another one');
      const vessels = report.vessels.map(one => ({
        ...one,
        score: { ...one.score, agatston: one.score.agatston + (one.vessel === 'LCX' ? 0.5 : 0) },
      }));
      expect(reopen({ vessels })).toThrow(/its score of LCX is .*, but what it was made of gives .*; somebody has/);
    });
  });

  test('that was computed on other values says what differs', async () => {
    await forSeeds(5, random => {
      const { volume, series, objects, labeled } = randomResult(random);
      const reopened = storedResult(readCalciumReport(objects.report.bytes), objects.segmentation.bytes, series);
      const other = { ...volume, voxels: volume.voxels.map(() => 0) };
      const set = lesionsIn(other, reopened.convention, reopened.decisions.region);
      const difference = differenceInSums(reopened.sums, vesselSums(applyEdits(set, reopened.decisions.edits)));
      const held = Object.entries(vesselSums(labeled)).filter(([, { voxels }]) => voxels > 0);
      expect(difference).toBe(
        held.map(([vessel, { voxels }]) => `${vessel} had ${voxels} voxels and has 0`).join('; '),
      );
    });
  });
});
