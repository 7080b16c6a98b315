import {
  DicomResultError,
  itemsOf,
  readEncapsulatedPdf,
  readMeasurementReport,
  readParametricMap,
  readPart10,
  sourceFromFiles,
  textOf,
  textsOf,
  writePart10,
} from '@voxelwise/dicom';
import { PERFUSION_MAPS, RELATIVE_CONSTANTS } from '../../core/index.ts';
import {
  noStroke,
  OBLIQUE,
  testImages,
  testMultiFrame,
  testResult,
  testSource,
  testStroke,
} from '../perfusion-result.test-support.ts';
import type { PerfusionResult } from '../perfusion-result.ts';
import { isPerfusionReport, isReportOf, readPerfusionObjects, readPerfusionReport } from './index.ts';
import { recordAsText, recordFromText } from './plain-result.ts';
import { perfusionResultObjects, storablePerfusionObjects } from './result-objects.ts';

const { source, furtherImages } = testSource();
const options = { takenSeriesNumbers: [1, 1000], furtherImages, readerName: 'Doe^Jane' };
const bits = (values: Float32Array) => Array.from(new Uint32Array(values.slice().buffer));

function reopened(result: PerfusionResult, reopening = ''): PerfusionResult & { reopening: string } {
  const { maps, segmentation, report } = perfusionResultObjects(source, result, { ...options, reopening });
  const files = { maps: Object.values(maps).map(({ bytes }) => bytes), segmentation: segmentation.bytes };
  const stored = readPerfusionReport(report.bytes);
  return { ...readPerfusionObjects(stored, files, source), reopening: stored.reopening };
}

describe('what is stored comes back', () => {
  test.each<[string, PerfusionResult]>([
    ['with everything', testResult()],
    ['with nothing found', testResult({ stroke: noStroke() })],
    [
      'without volumes, vein and regions',
      testResult({
        stroke: null,
        regions: [],
        settings: {
          ...testResult().settings,
          vof: null,
          isResampled: true,
          method: { name: 'osvd', oscillationTarget: 0.1 + 0.2 },
        },
      }),
    ],
    [
      'of MR',
      testResult({
        settings: {
          ...testResult().settings,
          signal: { kind: 'susceptibility', echoTimeS: 0.0291 },
          constants: RELATIVE_CONSTANTS,
          method: { name: 'tikhonov', truncation: 0.1 },
        },
      }),
    ],
  ])('%s', (_, result) => {
    const { reopening, maps, stroke, curves, run, ...rest } = reopened(result, '{"größe":1}');
    expect(reopening).toBe('{"größe":1}');
    for (const map of PERFUSION_MAPS) expect(bits(maps[map])).toEqual(bits(result.maps[map]));
    expect(stroke).toEqual(result.stroke);
    const { maps: _maps, stroke: _stroke, curves: given, run: ran, ...others } = result;
    expect(rest).toEqual(others);
    expect(run).toEqual(ran);
    expect(curves.curves.map(({ name, values }) => [name, ...Array.from(values)])).toEqual(
      given.curves.map(({ name, values }) => [name, ...Array.from(values)]),
    );
  });

  test('volumes of a record that does not tell the least island yet', () => {
    const text = recordAsText({
      ...{ result: testResult(), savedAt: 1, slices: ['1'], segmentation: '2', reopening: '' },
      maps: { CBF: '3', CBV: '4', MTT: '5', Tmax: '6', TTP: '7' },
    });
    const older = text.replace(/"leastMl":[^,]+,/, '');
    expect(older).not.toBe(text);
    const { core: _core, hypoperfused: _hypoperfused, ...stroke } = testStroke();
    expect(recordFromText(text).result.stroke).toEqual(stroke);
    expect(recordFromText(older).result.stroke).toEqual({ ...stroke, rules: { ...stroke.rules, leastMl: null } });
    expect(() => recordFromText(text.replace(/"leastMl":[^,]+,/, '"leastMl":"1",'))).toThrow('leastMl is no number');
  });

  test('curves with gaps', () => {
    const [aif] = testResult().curves.curves;
    const values = Float64Array.from(aif!.values).with(1, Number.NaN);
    const { curves } = reopened(testResult({ curves: { ...testResult().curves, curves: [{ ...aif!, values }] } }));
    expect(Array.from(curves.curves[0]!.values)).toEqual(Array.from(values));
  });
});

describe('the objects', () => {
  const objects = perfusionResultObjects(source, testResult(), {
    ...options,
    pdf: new TextEncoder().encode('%PDF-1.4'),
  });
  const { dataSet } = readPart10(objects.maps.CBF.bytes);

  test('belong to the study, each in a series of its own with a number that was free', () => {
    const all = storablePerfusionObjects(objects);
    expect(all.map(({ name }) => name)).toEqual([
      'the CBF map',
      'the CBV map',
      'the MTT map',
      'the Tmax map',
      'the TTP map',
      'the segmentation',
      'the measurement report',
      'the PDF',
    ]);
    const headers = all.map(({ bytes }) => readPart10(bytes).dataSet);
    expect(headers.map(header => textOf(header, 'SeriesNumber'))).toEqual(
      Array.from({ length: 8 }, (_, index) => String(1001 + index)),
    );
    expect(new Set(headers.map(header => textOf(header, 'SeriesInstanceUID'))).size).toBe(8);
    for (const header of headers) {
      expect(textOf(header, 'StudyInstanceUID')).toBe('2.25.99');
      expect(textOf(header, 'PatientName')).toBe('Müller^Jörg');
      expect(textOf(header, 'ManufacturerModelName')).toBe('Voxelwise perfusion');
    }
    expect(new TextDecoder().decode(readEncapsulatedPdf(objects.pdf!.bytes).pdf)).toBe('%PDF-1.4');
  });

  test('lie where the source does, to the digit', () => {
    const shared = itemsOf(dataSet, 'SharedFunctionalGroupsSequence')[0]!;
    const orientation = itemsOf(shared, 'PlaneOrientationSequence')[0]!;
    expect(textsOf(orientation, 'ImageOrientationPatient')).toEqual(OBLIQUE.ImageOrientationPatient);
    expect(textsOf(itemsOf(shared, 'PixelMeasuresSequence')[0]!, 'PixelSpacing')).toEqual(OBLIQUE.PixelSpacing);
    const positions = itemsOf(dataSet, 'PerFrameFunctionalGroupsSequence').map(frame =>
      textsOf(itemsOf(frame, 'PlanePositionSequence')[0]!, 'ImagePositionPatient'),
    );
    expect(positions).toEqual(source.slices.map(({ decimals }) => decimals.position));
  });

  test('a frame names its slice first and then the other time points', () => {
    const { frames } = readParametricMap(objects.maps.Tmax.bytes);
    expect(frames[1]!.sourceSopInstanceUids).toEqual(
      ['3.2', '1.2', '2.2', '4.2', '5.2', '6.2'].map(place => `2.25.100.${place}`),
    );
  });

  test('say what they measure, how, in which unit and by which convention', () => {
    const methodsOf = (result: PerfusionResult) => {
      const { maps } = perfusionResultObjects(source, result, options);
      return PERFUSION_MAPS.map(map => {
        const shared = itemsOf(readPart10(maps[map].bytes).dataSet, 'SharedFunctionalGroupsSequence')[0]!;
        const [mapping] = itemsOf(shared, 'RealWorldValueMappingSequence');
        const codes = itemsOf(mapping!, 'QuantityDefinitionSequence').map(
          item => itemsOf(item, 'ConceptCodeSequence')[0]!,
        );
        const [unit] = itemsOf(mapping!, 'MeasurementUnitsCodeSequence');
        return [textOf(unit!, 'CodeValue'), ...codes.map(code => textOf(code, 'CodeValue'))].join(' ');
      });
    };
    const { settings } = testResult();
    expect(methodsOf(testResult())).toEqual([
      'ml/(100.g)/min 126390 126301 LUCY_RICHARDSON 126363',
      'ml/(100.g) 126391 126301 126363',
      's 113052 126301 LUCY_RICHARDSON 126363',
      's 113084 126301 LUCY_RICHARDSON 126363',
      's 113069 126301',
    ]);
    const [cbf] = methodsOf(
      testResult({
        settings: {
          ...settings,
          signal: { kind: 'susceptibility', echoTimeS: 0.03 },
          constants: RELATIVE_CONSTANTS,
          method: { name: 'osvd', oscillationTarget: 0.1 },
          aif: { ...settings.aif, chosenBy: 'reader' },
        },
      }),
    );
    expect(cbf).toBe('ml/(100.ml)/min 126390 126303 126311 126362');
    const frame = itemsOf(dataSet, 'PerFrameFunctionalGroupsSequence')[0]!;
    const description = textOf(itemsOf(frame, 'DerivationImageSequence')[0]!, 'DerivationDescription');
    expect(description).toContain('Lucy-Richardson on the block-circulant system, at most 200 iterations');
    expect(description).toContain('hematocrit factor f = 0.73 and density d = 1.04 g/mL');
    expect(description).toContain('Gaussian, standard deviation 2 mm within the slice');
    expect(description.length).toBeLessThanOrEqual(1024);
  });

  test('the report has every volume with its rule, and the means of every region', () => {
    const { groups } = readMeasurementReport(objects.report.bytes);
    const texts = groups.flatMap(group => group.texts.map(({ text }) => text)).join('\n');
    expect(groups.map(({ tracking }) => tracking.id)).toEqual([
      'Perfusion maps',
      'Perfusion Core',
      'Perfusion Hypoperfusion',
      'Perfusion mismatch',
      'Region 1',
      'Region 1 mirrored',
    ]);
    expect(groups[1]!.measurements[0]!.value).toBe(testStroke().coreMl);
    expect(groups[1]!.segment).toEqual({ sopInstanceUid: objects.segmentation.sopInstanceUid, number: 1 });
    expect(texts).toContain('CBF < 30 % of the median CBF of the same tissue on the other side');
    expect(texts).toContain('Tmax > 6 s');
    expect(texts).toContain('Block-circulant SVD, truncated at 0.1 of the largest singular value');
    expect(groups[4]!.measurements.map(({ derivation, value }) => [derivation?.meaning, value]).slice(0, 3)).toEqual([
      [undefined, expect.closeTo(0.05625, 10)],
      ['Mean', 23.4],
      ['Standard Deviation', 23.4 / 7],
    ]);
  });

  test('two runs share no UID', () => {
    const uids = (of: typeof objects) =>
      storablePerfusionObjects(of).flatMap(({ sopInstanceUid, seriesInstanceUid }) => [
        sopInstanceUid,
        seriesInstanceUid,
      ]);
    const again = perfusionResultObjects(source, testResult(), options);
    expect(new Set([...uids(objects), ...uids(again)]).size).toBe(8 * 2 + 7 * 2);
  });
});

/** The data set with every number of a report that is this one replaced. */
function withNumber(value: unknown, from: number, to: number): unknown {
  if (Array.isArray(value)) return value.map(one => withNumber(one, from, to));
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if ('FloatingPointValue' in value && Number(value.FloatingPointValue) === from) {
    return { ...value, FloatingPointValue: to, NumericValue: String(to) };
  }
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withNumber(one, from, to)]));
}

test('of a multi-frame image every frame is named, and the image once', () => {
  const multi = testMultiFrame();
  const result = testResult();
  const objects = perfusionResultObjects(multi.source, result, {
    ...options,
    furtherImages: multi.furtherImages,
    pdf: new TextEncoder().encode('%PDF-1.4'),
  });
  const { dataSet } = readPart10(objects.maps.MTT.bytes);
  const frame = itemsOf(dataSet, 'PerFrameFunctionalGroupsSequence')[1]!;
  const images = itemsOf(itemsOf(frame, 'DerivationImageSequence')[0]!, 'SourceImageSequence');
  expect(images.map(image => textOf(image, 'ReferencedFrameNumber'))).toEqual(['10', '2', '6', '14', '18', '22']);
  const [series] = itemsOf(dataSet, 'ReferencedSeriesSequence');
  expect(itemsOf(series!, 'ReferencedInstanceSequence')).toHaveLength(1);
  const files = {
    maps: Object.values(objects.maps).map(({ bytes }) => bytes),
    segmentation: objects.segmentation.bytes,
  };
  const report = readPerfusionReport(objects.report.bytes);
  const { maps, stroke } = readPerfusionObjects(report, files, multi.source);
  for (const map of PERFUSION_MAPS) expect(bits(maps[map])).toEqual(bits(result.maps[map]));
  expect(stroke).toEqual(result.stroke);
  const reversed = { ...multi.source, slices: multi.source.slices.toReversed() };
  expect(() => readPerfusionObjects(report, files, reversed)).toThrow(/not the 4 that are loaded now/);
});

describe('what does not belong together is refused', () => {
  const objects = perfusionResultObjects(source, testResult(), options);
  const report = readPerfusionReport(objects.report.bytes);
  const files = {
    maps: Object.values(objects.maps).map(({ bytes }) => bytes),
    segmentation: objects.segmentation.bytes,
  };
  const other = perfusionResultObjects(source, testResult(), options);

  test('maps or a segmentation of another run', () => {
    expect(() => readPerfusionObjects(report, { ...files, maps: files.maps.slice(1) }, source)).toThrow(
      'The perfusion result cannot be reopened: the maps that it names are missing: CBF.',
    );
    expect(() => readPerfusionObjects(report, { ...files, maps: [other.maps.CBF.bytes] }, source)).toThrow(
      /missing: CBF/,
    );
    expect(() => readPerfusionObjects(report, { ...files, segmentation: other.segmentation.bytes }, source)).toThrow(
      /segmentation is another one/,
    );
  });

  test('slices of another series, or in another order', () => {
    const [images] = testImages();
    expect(() => readPerfusionObjects(report, files, sourceFromFiles(images!))).toThrow(
      /not the 4 that are loaded now/,
    );
    const reversed = { ...source, slices: source.slices.toReversed() };
    expect(() => readPerfusionObjects(report, files, reversed)).toThrow(/not the 4 that are loaded now/);
  });

  test('a volume that somebody changed in the report, or voxels in the segmentation', () => {
    const { stroke } = testResult();
    const changed = perfusionResultObjects(source, testResult({ stroke: { ...stroke!, coreMl: 99 } }), options);
    const changedReport = readPerfusionReport(changed.report.bytes);
    const changedFiles = {
      maps: Object.values(changed.maps).map(({ bytes }) => bytes),
      segmentation: changed.segmentation.bytes,
    };
    expect(() => readPerfusionObjects(changedReport, changedFiles, source)).toThrow(/its core has 99 mL in the report/);

    const { dataSet } = readPart10(objects.report.bytes);
    const edited = writePart10(withNumber(dataSet, stroke!.coreMl, 0.5) as typeof dataSet);
    expect(() => readPerfusionReport(edited)).toThrow(
      `its volume of core is 0.5 mL, and its record says ${stroke!.coreMl} mL. Somebody has changed it.`,
    );
  });

  test('masks and voxels that the maps do not have', () => {
    const write = (change: Partial<PerfusionResult>) => () =>
      perfusionResultObjects(source, testResult(change), options);
    expect(write({ stroke: testStroke({ core: new Uint8Array(3) }) })).toThrow(/A mask has 3 voxels/);
    const { settings } = testResult();
    expect(write({ settings: { ...settings, aif: { ...settings.aif, voxels: [252] } } })).toThrow(
      /voxel 252 of the AIF or VOF is none of the 252/,
    );
    const maps = { ...testResult().maps, MTT: testResult().maps.MTT.slice().with(3, Number.POSITIVE_INFINITY) };
    expect(write({ maps })).toThrow(/^MTT: The map holds an infinite value/);
  });

  test('reports of others, and files that are none', () => {
    expect(isPerfusionReport(objects.report.bytes)).toBe(true);
    expect(isReportOf(report, source)).toBe(true);
    expect(isReportOf(report, sourceFromFiles(testImages()[0]!))).toBe(false);
    expect(isReportOf(report, testMultiFrame().source)).toBe(false);
    const { dataSet } = readPart10(objects.segmentation.bytes);
    expect(isPerfusionReport(writePart10(dataSet))).toBe(false);
    expect(() => readPerfusionReport(objects.segmentation.bytes)).toThrow(DicomResultError);
  });
});
