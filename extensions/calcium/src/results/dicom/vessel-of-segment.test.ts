import { type Code, DicomResultError, sct } from '@voxelwise/dicom';
import type { Vessel } from '../../core/index.ts';
import { vesselOfSegment } from './vessel-of-segment.ts';

const AORTA = sct('15825003', 'Aorta');
const segment = (label: string, anatomicRegion: Code | null = null, type: Code | null = null) => ({
  label,
  anatomicRegion,
  type,
});

test.each<[string, Vessel]>([
  ['LM', 'LM'],
  ['Left main coronary artery', 'LM'],
  ['lad', 'LAD'],
  ['2: LAD_calcium', 'LAD'],
  ['Left anterior descending artery', 'LAD'],
  ['Calcium (LCx)', 'LCX'],
  ['Left circumflex', 'LCX'],
  ['CX', 'LCX'],
  ['RCA-proximal', 'RCA'],
  ['Right coronary artery', 'RCA'],
])('the label "%s" names %s', (label, vessel) => {
  expect(vesselOfSegment(segment(label))).toBe(vessel);
});

test.each(['', 'Aorta', 'D1', 'LADY', 'almanac', 'Left ventricle', 'coronary', 'Segment 1'])(
  'the label "%s" names no artery',
  label => {
    expect(vesselOfSegment(segment(label, AORTA))).toBeNull();
  },
);

test('codes name an artery whatever the label is, as region or as type', () => {
  expect(vesselOfSegment(segment('Segment 1', sct('13647002', 'RCA')))).toBe('RCA');
  expect(vesselOfSegment(segment('Segment 2', AORTA, sct('3227004', '')))).toBe('LM');
  const otherScheme = { ...sct('13647002', 'RCA'), scheme: '99OTHER' };
  expect(vesselOfSegment(segment('Segment 3', otherScheme))).toBeNull();
});

test.each([
  segment('LM/LAD'),
  segment('LAD', sct('13647002', 'Right coronary artery')),
  segment('', sct('3227004', ''), sct('59438005', '')),
])('a segment that names two arteries is refused: %j', named => {
  expect(() => vesselOfSegment(named)).toThrow(DicomResultError);
  expect(() => vesselOfSegment(named)).toThrow(/names (LM|RCA) and LAD, and a voxel belongs to one of them\.$/);
});
