import { noSlice } from './image-type.ts';

test.each([
  '',
  'ORIGINAL\\PRIMARY\\AXIAL',
  'ORIGINAL\\PRIMARY\\AXIAL\\CT_SOM5 SEQ',
  'DERIVED\\PRIMARY\\MPR',
  'DERIVED\\SECONDARY\\MPR',
  'DERIVED\\SECONDARY\\REFORMATTED',
])('%s is a slice', imageType => {
  expect(noSlice(imageType)).toBeNull();
});

test.each([
  'DERIVED\\SECONDARY\\AXIAL\\CT_SOM5 MIP',
  'DERIVED\\SECONDARY\\MIP',
  'DERIVED\\SECONDARY\\MIN_IP',
  'DERIVED\\SECONDARY\\MINIP',
  'DERIVED\\SECONDARY\\MAX_IP',
  'DERIVED\\SECONDARY\\REFORMATTED\\AVERAGE',
  'derived\\secondary\\mip thick',
  'DERIVED\\SECONDARY\\PROJECTION IMAGE',
])('%s is a projection', imageType => {
  expect(noSlice(imageType)).toBe('a projection through several slices');
});

test.each(['ORIGINAL\\PRIMARY\\LOCALIZER', 'ORIGINAL\\PRIMARY\\LOCALIZER\\CT_SOM5 TOP'])(
  '%s is a localizer',
  imageType => {
    expect(noSlice(imageType)).toBe('a localizer');
  },
);
