import type { DataSet } from './data-set.ts';
import { bits, COLUMNS, dataSetOf, LENGTH, map, ROWS, write } from './parametric-map.test-support.ts';
import { readParametricMap } from './parametric-map-reader.ts';
import { writePart10 } from './write-part10.ts';

describe('maps that others wrote', () => {
  const { FloatPixelData: floats, ...ours } = dataSetOf(write().bytes);
  const [shared] = ours.SharedFunctionalGroupsSequence as readonly [DataSet];
  const [mapping] = shared.RealWorldValueMappingSequence as readonly [DataSet];
  const {
    DoubleFloatRealWorldValueFirstValueMapped: _first,
    DoubleFloatRealWorldValueLastValueMapped: _last,
    ...mappingOfIntegers
  } = mapping;
  const withMapping = (changes: DataSet, base: DataSet = mappingOfIntegers): DataSet => ({
    ...ours,
    SharedFunctionalGroupsSequence: [{ ...shared, RealWorldValueMappingSequence: [{ ...base, ...changes }] }],
  });
  const stored = Uint16Array.from({ length: LENGTH }, (_, index) => index * 600);
  const integers: DataSet = {
    BitsAllocated: 16,
    BitsStored: 16,
    HighBit: 15,
    PixelRepresentation: 0,
    PixelData: new Uint8Array(stored.buffer),
  };
  const range = { RealWorldValueFirstValueMapped: 0, RealWorldValueLastValueMapped: 60_000 };

  test('16-bit integers with slope and intercept, in 64 bits; outside the mapped range there is no value', () => {
    const mapped = { ...range, RealWorldValueSlope: 0.01, RealWorldValueIntercept: -5.5 };
    const { voxels } = readParametricMap(writePart10({ ...withMapping(mapped), ...integers }));
    expect(voxels).toBeInstanceOf(Float64Array);
    expect(Array.from(voxels)).toEqual(
      Array.from(stored, value => (value <= 60_000 ? value * 0.01 - 5.5 : Number.NaN)),
    );
  });

  test('8-bit integers with a table, and padding', () => {
    const { RealWorldValueSlope: _slope, RealWorldValueIntercept: _intercept, ...base } = mappingOfIntegers;
    const table = {
      RealWorldValueFirstValueMapped: 10,
      RealWorldValueLastValueMapped: 12,
      RealWorldValueLUTData: [1.5, 2.5, 9],
    };
    const bytes = Uint8Array.from({ length: LENGTH }, (_, index) => 9 + (index % 5));
    const eight: DataSet = {
      ...integers,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelData: bytes,
      PixelPaddingValue: 11,
    };
    const { voxels } = readParametricMap(writePart10({ ...withMapping(table, base), ...eight }));
    expect(Array.from(voxels.subarray(0, 5))).toEqual([Number.NaN, 1.5, Number.NaN, 9, Number.NaN]);
  });

  test('64-bit floats, and 32-bit floats with a slope', () => {
    const doubles = Float64Array.from({ length: LENGTH }, (_, index) => index / 3);
    const all = { DoubleFloatRealWorldValueFirstValueMapped: -1e9, DoubleFloatRealWorldValueLastValueMapped: 1e9 };
    const double: DataSet = { BitsAllocated: 64, DoubleFloatPixelData: new Uint8Array(doubles.buffer) };
    expect(readParametricMap(writePart10({ ...withMapping(all), ...double })).voxels).toEqual(doubles);
    const scaled = withMapping({ ...all, RealWorldValueSlope: 2, RealWorldValueIntercept: 1 });
    const { voxels } = readParametricMap(writePart10({ ...scaled, FloatPixelData: floats }));
    expect(Array.from(voxels)).toEqual(Array.from(map().voxels, value => value * 2 + 1));
  });

  test('float padding is no value', () => {
    const padded: DataSet = { FloatPixelData: floats, FloatPixelPaddingValue: 0.5, FloatPixelPaddingRangeLimit: -1 };
    const { voxels } = readParametricMap(writePart10({ ...withMapping({}, mapping), ...padded }));
    const expected = Array.from(map().voxels, value => (value >= -1 && value <= 0.5 ? Number.NaN : value));
    expect(Array.from(voxels)).toEqual(expected);
  });

  test.each<[string, DataSet, RegExp]>([
    ['another object', { ...ours, SOPClassUID: '1.2.840.10008.5.1.4.1.1.2' }, /is no parametric map/],
    ['a map without pixels', ours, /neither floating point values nor unsigned integers/],
    ['a map without rows', { ...ours, Rows: 0 }, /does not say how many rows, columns and frames/],
    ['a map without frames', { ...ours, NumberOfFrames: undefined }, /does not say how many/],
    ['signed integers', { ...ours, ...integers, PixelRepresentation: 1 }, /neither/],
    [
      'too few values',
      { ...ours, FloatPixelData: (floats as Uint8Array).subarray(0, 40) },
      /has 10 values, but its frames need 105/,
    ],
    [
      'no range of mapped values',
      { ...withMapping({}), FloatPixelData: floats },
      /does not say which of its stored values/,
    ],
    [
      'no units',
      { ...withMapping({ MeasurementUnitsCodeSequence: [] }, mapping), FloatPixelData: floats },
      /in which units/,
    ],
    [
      'no slope',
      { ...withMapping({ RealWorldValueSlope: [] }, mapping), FloatPixelData: floats },
      /neither slope and intercept nor a table/,
    ],
  ])('refused: %s', (_name, dataSet, sentence) => {
    expect(() => readParametricMap(writePart10(dataSet))).toThrow(sentence);
  });

  const { RealWorldValueMappingSequence: _ofAll, ...sharedWithout } = shared;
  const frames = ours.PerFrameFunctionalGroupsSequence as readonly DataSet[];
  /** The map with mappings of its own for every frame. */
  const withFrameMappings = (mappings: readonly (readonly DataSet[])[], rest: DataSet = { FloatPixelData: floats }) =>
    writePart10({
      ...ours,
      ...rest,
      SharedFunctionalGroupsSequence: [sharedWithout],
      PerFrameFunctionalGroupsSequence: mappings.map((items, frame) => ({
        ...frames[frame],
        RealWorldValueMappingSequence: items,
      })),
    });
  const between = (first: number, last: number, changes: DataSet = {}): DataSet => ({
    ...mapping,
    DoubleFloatRealWorldValueFirstValueMapped: first,
    DoubleFloatRealWorldValueLastValueMapped: last,
    ...changes,
  });
  const FRAME = COLUMNS * ROWS;

  test('every frame has the range and the function that it says itself', () => {
    // Every frame with the range of its own values, as some writers tell it.
    const own = [0, 1, 2].map(frame => {
      const values = map().voxels.subarray(frame * FRAME, (frame + 1) * FRAME);
      return [between(Math.min(...values), Math.max(...values))];
    });
    expect(bits(readParametricMap(withFrameMappings(own)).voxels)).toEqual(bits(map().voxels));
    const scaled = own.map((items, frame) => [{ ...items[0], RealWorldValueSlope: 10 ** frame }]);
    expect(Array.from(readParametricMap(withFrameMappings(scaled)).voxels)).toEqual(
      Array.from(map().voxels, (value, index) => value * 10 ** Math.floor(index / FRAME)),
    );
    const narrow = own.map((items, frame) => [frame === 1 ? between(0, 1) : items[0]!]);
    const { voxels } = readParametricMap(withFrameMappings(narrow));
    const isLost = (index: number) => Math.floor(index / FRAME) === 1 && !(voxels[index]! >= 0 && voxels[index]! <= 1);
    expect(Array.from(voxels)).toEqual(Array.from(map().voxels, (value, i) => (isLost(i) ? Number.NaN : value)));
  });

  test('functions for neighbouring ranges are joined; where they meet they must agree', () => {
    const low = between(-10, 1, { LUTLabel: 'low' });
    const high = between(1, 10, { LUTLabel: 'high', RealWorldValueSlope: 3, RealWorldValueIntercept: -2 });
    const { voxels } = readParametricMap(withFrameMappings(frames.map(() => [low, high])));
    expect(Array.from(voxels)).toEqual(Array.from(map().voxels, value => (value <= 1 ? value : value * 3 - 2)));
    const broken = { ...high, RealWorldValueIntercept: -1 };
    expect(() => readParametricMap(withFrameMappings(frames.map(() => [low, broken])))).toThrow(
      /^Frame 1 of this parametric map says that the stored value 1 is 1 and that it is 2; one of them is wrong\.$/,
    );
  });

  test('refused: several quantities in one object', () => {
    const definition = (value: string) => [
      {
        ValueType: 'CODE',
        ConceptNameCodeSequence: [{ CodeValue: '246205007', CodingSchemeDesignator: 'SCT', CodeMeaning: 'Quantity' }],
        ConceptCodeSequence: [{ CodeValue: value, CodingSchemeDesignator: 'DCM', CodeMeaning: value }],
      },
    ];
    const others: DataSet[] = [
      { ...mapping, LUTLabel: 'MTT' },
      {
        ...mapping,
        MeasurementUnitsCodeSequence: [{ CodeValue: 's', CodingSchemeDesignator: 'UCUM', CodeMeaning: 's' }],
      },
      { ...mapping, QuantityDefinitionSequence: definition('126391') },
      { ...mapping, QuantityDefinitionSequence: undefined },
    ];
    for (const other of others) {
      const mixed = withFrameMappings([[mapping], [mapping], [other]]);
      expect(() => readParametricMap(mixed)).toThrow(/several quantities \("CBF" .* in frame 1, ".*" .* in frame 3\)/);
    }
    for (const other of others.slice(1)) {
      expect(() => readParametricMap(withFrameMappings(frames.map(() => [mapping, other])))).toThrow(
        /^Frame 1 of this parametric map gives its values several meanings/,
      );
    }
    expect(bits(readParametricMap(withFrameMappings(frames.map(() => [mapping]))).voxels)).toEqual(bits(map().voxels));
  });

  test.each<[string, () => Uint8Array, RegExp]>([
    ['fewer groups than frames', () => withFrameMappings([[mapping], [mapping]]), /has 3 frames and describes 2/],
    ['a frame without a mapping', () => withFrameMappings([[mapping], [], [mapping]]), /^Frame 2 .* does not say what/],
    [
      'a mapping of all frames and one of its own',
      () =>
        writePart10({
          ...ours,
          FloatPixelData: floats,
          PerFrameFunctionalGroupsSequence: frames.map(one => ({ ...one, RealWorldValueMappingSequence: [mapping] })),
        }),
      /and so do all frames together/,
    ],
    ['a range from back to front', () => withFrameMappings(frames.map(() => [between(2, 1)])), /from 2 to 1 .* none/],
    [
      'two ranges that differ',
      () => withFrameMappings(frames.map(() => [{ ...mapping, ...range }])),
      /does not say which of its stored values/,
    ],
    [
      'slope and table',
      () => withFrameMappings(frames.map(() => [{ ...mapping, RealWorldValueLUTData: [1, 2] }])),
      /both slope and intercept and a table/,
    ],
    [
      'a table that is too short',
      () => {
        const { RealWorldValueSlope: _slope, RealWorldValueIntercept: _intercept, ...base } = mappingOfIntegers;
        const table = { ...base, ...range, RealWorldValueLUTData: [1, 2, 3] };
        return withFrameMappings(
          frames.map(() => [table]),
          integers,
        );
      },
      /table .* has 3 values for the stored values 0 to 60000/,
    ],
    [
      'more values than frames need',
      () =>
        withFrameMappings(
          frames.map(() => [mapping]),
          { FloatPixelData: new Uint8Array((LENGTH + 1) * 4) },
        ),
      /has 106 values, but its frames need 105/,
    ],
    [
      'frames of different pixel spacing',
      () =>
        writePart10({
          ...ours,
          FloatPixelData: floats,
          PerFrameFunctionalGroupsSequence: frames.map((one, frame) => ({
            ...one,
            PixelMeasuresSequence: [{ PixelSpacing: [0.5, 0.25 + frame], SliceThickness: 3 }],
          })),
        }),
      /differ in pixel spacing \(0\.5 x 0\.25 mm in frame 1, 0\.5 x 1\.25 mm in frame 2\)/,
    ],
  ])('refused: %s', (_name, file, sentence) => {
    expect(() => readParametricMap(file())).toThrow(sentence);
  });
});
