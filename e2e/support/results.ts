import {
  type DerivedSource,
  type DicomObject,
  dcm,
  sct,
  sourceFromFiles,
  ucum,
  writeEncapsulatedPdf,
  writeMeasurementReport,
  writeParametricMap,
  writeSecondaryCapture,
  writeSegmentation,
} from '@voxelwise/dicom';
import { ctImageFile, newUid } from './ct-image.ts';

const SIZE = 16;
const SLICES = 3;
const software = { modelName: 'Voxelwise test', versions: ['9.9.9'] };

/** A small CT series as files. */
export function ctSeries(): Buffer[] {
  const [studyUid, seriesUid, frameOfReferenceUid] = [newUid(), newUid(), newUid()];
  return Array.from({ length: SLICES }, (_, slice) =>
    ctImageFile({
      studyUid,
      seriesUid,
      frameOfReferenceUid,
      seriesNumber: 2,
      seriesDescription: 'Axial',
      imageType: 'AXIAL',
      instanceNumber: slice + 1,
      positionMm: [-4, -4, 3 * slice],
      orientation: [1, 0, 0, 0, 1, 0],
      pixelSpacingMm: 0.5,
      hu: new Int16Array(SIZE * SIZE).fill(slice * 100),
    }),
  );
}

/** Stores source images by a request that is written by hand. */
export async function postSeries(dicomWebUrl: string, files: readonly Buffer[]): Promise<void> {
  const parts = files.flatMap(file => ['--b\r\nContent-Type: application/dicom\r\n\r\n', new Uint8Array(file), '\r\n']);
  const headers = { 'Content-Type': 'multipart/related; type="application/dicom"; boundary=b' };
  const body = new Blob([...parts, '--b--\r\n']);
  const { status } = await fetch(`${dicomWebUrl}/studies`, { method: 'POST', headers, body });
  if (status !== 200) throw new Error(`The archive refused the series: ${status}.`);
}

export type Kind = 'segmentation' | 'report' | 'map' | 'pdf' | 'picture' | 'pictures';

export interface Results {
  readonly source: DerivedSource;
  /** One object of every kind that the extensions write. */
  readonly objects: Readonly<Record<Kind, DicomObject>>;
  readonly mapVoxels: Float32Array;
  readonly pdf: Uint8Array;
}

/** Results of every kind on a series. The map has a constant per frame, and one voxel without a value. */
export function resultsOf(files: readonly Uint8Array[]): Results {
  const source = sourceFromFiles(files);
  const mapVoxels = Float32Array.from({ length: SIZE * SIZE * SLICES }, (_, at) => Math.floor(at / SIZE ** 2) + 0.1);
  mapVoxels[7] = Number.NaN;
  const pdf = Uint8Array.from({ length: 70_001 }, (_, index) => (index * 31) & 0xff);
  pdf.set(new TextEncoder().encode('%PDF-1.7\r\n--'));
  const picture = { width: 5, height: 3, data: Uint8Array.from({ length: 60 }, (_, index) => index) };
  const options = (seriesNumber: number, seriesDescription: string) => ({
    seriesNumber,
    seriesDescription,
    software,
    bodyPartExamined: 'HEART',
    identifiesPatient: false,
  });
  const segmentation = writeSegmentation(
    source,
    [
      {
        label: 'RCA',
        category: sct('49755003', 'Morphologically Abnormal Structure'),
        type: sct('237897009', 'Vascular Calcification'),
        algorithmType: 'MANUAL',
        color: [255, 0, 0],
        voxels: { row: Int32Array.of(20), start: Int32Array.of(3), end: Int32Array.of(9) },
      },
    ],
    { ...options(1000, 'Segmentation'), contentLabel: 'CALCIUM' },
  );
  return {
    source,
    mapVoxels,
    pdf,
    objects: {
      segmentation,
      report: writeMeasurementReport(
        source,
        [
          {
            tracking: { id: 'RCA', uid: newUid() },
            segment: { segmentation, number: 1 },
            measurements: [{ name: sct('450360000', 'Coronary artery calcium score'), value: 12.5, unit: ucum('1') }],
          },
        ],
        {
          ...options(1001, 'Report'),
          procedure: sct('426005005', 'Cardiac CT for calcium scoring'),
          isComplete: true,
        },
      ),
      map: writeParametricMap(
        source,
        {
          voxels: mapVoxels,
          dimensions: [SIZE, SIZE, SLICES],
          quantity: dcm('113069', 'Time To Peak'),
          units: ucum('s'),
          label: 'TTP',
          explanation: 'Time to peak',
          displayRange: [0, 10],
        },
        { ...options(1002, 'Map'), anatomicRegion: sct('80891009', 'Heart') },
      ),
      pdf: writeEncapsulatedPdf(source, pdf, { ...options(1003, 'Document'), title: 'Report' }),
      picture: writeSecondaryCapture(source, [picture], options(1004, 'Picture')),
      pictures: writeSecondaryCapture(source, [picture, picture], options(1005, 'Pictures')),
    },
  };
}
