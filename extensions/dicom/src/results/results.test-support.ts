import { type DataSet, SourceText } from './data-set.ts';
import type { ResultSoftware } from './derived-object.ts';
import { type DerivedSource, sourceFromFiles } from './source.ts';
import type { UidGenerator } from './uid.ts';
import { writePart10 } from './write-part10.ts';

const CT_IMAGE = '1.2.840.10008.5.1.4.1.1.2';

export const TEST_SOFTWARE: ResultSoftware = { modelName: 'Voxelwise test', versions: ['9.9.9'] };

/** UIDs in a row, so that a test writes the same object twice. */
export function countedUids(prefix = '2.25.77'): UidGenerator {
  let count = 0;
  return () => `${prefix}.${++count}`;
}

/** Text of the source as bytes of some character set. */
export const sourceBytes = (bytes: Uint8Array | readonly number[]) => new SourceText(Uint8Array.from(bytes), null);

export interface TestSlices {
  readonly count?: number;
  readonly rows?: number;
  readonly columns?: number;
  readonly incrementMm?: number;
  /** Over those of a small axial CT series. */
  readonly attributes?: DataSet;
}

/** Headers of a small axial CT series as DICOM files, without pixels. */
export function testSlices({ count = 3, rows = 5, columns = 7, incrementMm = 3, attributes = {} }: TestSlices = {}) {
  return Array.from({ length: count }, (_, slice) =>
    writePart10({
      SOPClassUID: CT_IMAGE,
      SOPInstanceUID: `2.25.100.${slice + 1}`,
      StudyInstanceUID: '2.25.99',
      SeriesInstanceUID: '2.25.100',
      FrameOfReferenceUID: '2.25.98',
      PositionReferenceIndicator: '',
      Modality: 'CT',
      SeriesNumber: 2,
      PatientName: 'Doe^Jane',
      PatientID: 'P-1',
      PatientBirthDate: '19600229',
      PatientSex: 'F',
      StudyID: '7',
      StudyDate: '20250115',
      StudyTime: '101500',
      AccessionNumber: 'A-1',
      ReferringPhysicianName: 'Smith^Ann',
      StudyDescription: 'Calcium score',
      Manufacturer: 'Test Works',
      ManufacturerModelName: 'CT 1',
      ImagePositionPatient: [-10.5, -20, 100 + incrementMm * slice],
      ImageOrientationPatient: [1, 0, 0, 0, 1, 0],
      PixelSpacing: [0.5, 0.25],
      SliceThickness: incrementMm,
      Rows: rows,
      Columns: columns,
      InstanceNumber: slice + 1,
      ...attributes,
    }),
  );
}

/** The same series as a source of results. */
export function testSource(slices: TestSlices = {}): DerivedSource {
  return sourceFromFiles(testSlices(slices));
}
