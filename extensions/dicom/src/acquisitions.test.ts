import { type AcquisitionAttributes, findInterleaving } from './acquisitions.ts';

const block = (number: number, slices: number) => new Array<number>(slices).fill(number);
const of = (attribute: keyof AcquisitionAttributes, values: readonly unknown[], rest: AcquisitionAttributes = {}) =>
  values.map(value => ({ ...rest, [attribute]: String(value) }));
const interleaving = (...slices: Parameters<typeof of>) => findInterleaving(of(...slices))?.attribute ?? null;

describe('acquisition numbers along z', () => {
  test.each<[string, readonly unknown[]]>([
    ['one', block(3, 10)],
    ['blocks of a step-and-shoot scan', [...block(1, 4), ...block(2, 4), ...block(3, 2)]],
    ['blocks of two slices', [1, 1, 2, 2, 3, 3]],
    ['blocks in any order', [...block(3, 4), ...block(1, 4), ...block(2, 4)]],
    ['blocks that take turns where their edges overlap', [1, 1, 1, 2, 1, 2, 2, 2, 3, 2, 3, 3, 3]],
    ['a block that was recorded again', [...block(1, 4), ...block(2, 4), ...block(1, 4)]],
    ['a number for every slice', [5, 6, 7, 8, 9, 10]],
    ['a number for every slice, falling', [10, 9, 8, 7, 6, 5]],
    ['none in some slices', ['', '', 1, '', 1, '']],
    ['two slices', [1, 2]],
  ])('%s: one volume', (_, numbers) => {
    expect(interleaving('acquisitionNumber', numbers)).toBeNull();
  });

  test.each<[string, readonly number[]]>([
    ['two', [1, 2, 1, 2, 1, 2, 1, 2]],
    ['two in three slices', [1, 2, 1]],
    ['two, one of which begins earlier and ends later', [1, 1, 2, 1, 2, 1, 2, 1, 1]],
    ['three', [1, 2, 3, 1, 2, 3, 1, 2, 3]],
    ['a slice of another one', [1, 1, 1, 2, 1, 1]],
    ['two with a number for every slice', [1, 41, 2, 42, 3, 43]],
    ['two with a number for every slice, in opposite directions', [1, 43, 2, 42, 3, 41]],
  ])('%s that alternate', (_, numbers) => {
    expect(interleaving('acquisitionNumber', numbers)).toBe('AcquisitionNumber');
  });

  test('two slices that differ are named', () => {
    const [a, b] = [3, 0];
    const found = findInterleaving(of('acquisitionNumber', [8, 8, 8, 5, 8, 5, 8, 5, 8, 5]));
    expect(found).toEqual({ a: b, b: a, attribute: 'AcquisitionNumber' });
  });

  test('a number for each of 2000 slices is no work', () => {
    expect(
      interleaving(
        'acquisitionNumber',
        Array.from({ length: 2000 }, (_, index) => index),
      ),
    ).toBeNull();
  });
});

describe('acquisition times along z', () => {
  test.each<[string, readonly string[]]>([
    ['rise', ['100000', '100000.3', '100000.6', '100000.9', '100001.2', '100001.5']],
    ['fall', ['100001.5', '100001.2', '100000.9', '100000.6', '100000.3', '100000']],
    ['are those of heart beats', ['100000', '100000', '100001', '100001', '100002', '100002']],
    ['pass midnight', ['235958', '235959', '000000', '000001', '000002', '000003']],
    ['are no times', ['soon', 'later', 'soon', 'later', 'soon', 'later']],
    ['are missing in a slice', ['100000', '100512', '', '100512', '100000', '100512']],
  ])('%s: one volume', (_, times) => {
    expect(interleaving('acquisitionTime', times, { acquisitionNumber: '2' })).toBeNull();
  });

  test.each<[string, readonly string[]]>([
    ['two helical scans', ['100000', '100512.5', '100000.3', '100512.8', '100000.6', '100513.1']],
    ['two sequences, each with one time', ['100000', '100512', '100000', '100512']],
    ['three', ['10', '1015', '1030', '10', '1015', '1030']],
    ['written with colons', ['10:00:00', '10:05:12', '10:00:01', '10:05:13']],
  ])('%s that alternate, whether numbers are the same or missing', (_, times) => {
    expect(interleaving('acquisitionTime', times, { acquisitionNumber: '2' })).toBe('AcquisitionTime');
    expect(interleaving('acquisitionTime', times)).toBe('AcquisitionTime');
  });
});

describe('instance numbers along z', () => {
  const two = [1, 41, 2, 42, 3, 43];

  test('tell two acquisitions where there is nothing else', () => {
    expect(interleaving('instanceNumber', two)).toBe('InstanceNumber');
    expect(interleaving('instanceNumber', two, { acquisitionNumber: '1' })).toBeNull();
    expect(interleaving('instanceNumber', two, { acquisitionTime: '1000' })).toBeNull();
  });

  test('in any other order tell nothing', () => {
    expect(interleaving('instanceNumber', [3, 1, 6, 2, 5, 4])).toBeNull();
    expect(interleaving('instanceNumber', [1, 2, 3, 4, 5, 6])).toBeNull();
    expect(interleaving('instanceNumber', ['', '', '', ''])).toBeNull();
  });
});
