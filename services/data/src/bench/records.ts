import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { AGE_BANDS, CORONARY_VESSELS, type PredictionInput, SEXES } from '@voxelwise/contract';

/** Slices of a calcium scan: each is named in the record. */
const SLICES = 48;

const SCANNERS = [
  { manufacturer: 'SIEMENS', model: 'SOMATOM Force' },
  { manufacturer: 'GE MEDICAL SYSTEMS', model: 'Revolution CT' },
  { manufacturer: 'Philips', model: 'Spectral CT 7500' },
  { manufacturer: 'Canon Medical Systems', model: 'Aquilion ONE' },
] as const;

/** A calcium score as the viewer sends it after a reader has confirmed it, about 5 kB of JSON; another patient each time. */
export function calciumRecord(studyUid = randomUid()): PredictionInput {
  const seriesUid = randomUid();
  const vessels = CORONARY_VESSELS.map(vessel => ({ vessel, ...randomScore() }));
  const total = (part: 'agatston' | 'volumeMm3' | 'lesions') => vessels.reduce((sum, score) => sum + score[part], 0);
  return {
    id: randomUUID(),
    kind: 'calcium',
    producedAt: new Date().toISOString(),
    subject: {
      patientId: `MRN-${randomInt(1e9)}`,
      accessionNumber: `ACC-${randomInt(1e9)}`,
      sex: SEXES[randomInt(2)]!,
      ageBand: AGE_BANDS[randomInt(4, 9)]!,
    },
    image: {
      studyUid,
      seriesUid,
      instances: Array.from({ length: SLICES }, (_, slice) => ({ sopInstanceUid: `${seriesUid}.${slice + 1}` })),
      modality: 'CT',
      scanner: SCANNERS[randomInt(SCANNERS.length)]!,
    },
    algorithm: { name: 'Voxelwise calcium', version: '0.1.0' },
    confidence: randomInt(1_000_000) / 1e6,
    payload: {
      agatston: total('agatston'),
      volumeMm3: total('volumeMm3'),
      massMg: null,
      lesions: total('lesions'),
      vessels,
    },
    conventions: {
      thresholdHu: 130,
      thresholds: 'one for the whole heart',
      weightEdgesHu: [130, 200, 300, 400],
      connectivity: 8,
      minimumLesionAreaMm2: 1,
      equivalent3mm: true,
      volumeMethod: 'voxels',
    },
    provenance: {
      viewer: { name: 'OHIF', version: '3.13.2' },
      extension: { name: '@voxelwise/calcium', version: '0.1.0' },
      producer: 'wasm',
      timingsMs: { lesions: randomInt(50_000) / 1000 },
      device: {
        userAgent: 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
        logicalProcessors: 8,
      },
      inputSha256: randomBytes(32).toString('hex'),
      parameters: {
        dimensions: [512, 512, SLICES],
        spacingMm: [0.39, 0.39, 3],
        voxelType: 'int16',
        edits: randomInt(20),
        heartRegionShapes: 0,
        confirmedZero: false,
        parts: randomInt(30),
      },
    },
  };
}

function randomScore() {
  return { agatston: randomInt(4000) / 10, volumeMm3: randomInt(4000) / 10, massMg: null, lesions: randomInt(9) };
}

/** A DICOM UID of the usual length. */
function randomUid(): string {
  return `1.3.12.2.1107.5.1.4.${randomInt(1e5)}.${randomInt(1e9, 2e9)}${randomInt(1e9, 2e9)}`;
}
