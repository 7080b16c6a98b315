import { type Code, DicomResultError, isSameCode, type StoredSegment } from '@voxelwise/dicom';
import { VESSELS, type Vessel } from '../../core/index.ts';
import { VESSEL_CODES } from './calcium-codes.ts';

/** Words by which labels name an artery, between spaces and in capitals. */
const NAMES: Readonly<Record<Vessel, readonly string[]>> = {
  LM: [' LM ', ' LMCA ', ' LMS ', ' LEFT MAIN '],
  LAD: [' LAD ', ' ANTERIOR DESCENDING '],
  LCX: [' LCX ', ' CX ', ' CIRCUMFLEX '],
  RCA: [' RCA ', ' RIGHT CORONARY '],
};

/**
 * The coronary artery that a segment of anybody's segmentation is named after: by a code of an artery as its anatomic region
 * or type, or by its label. Null where it names none.
 * @throws DicomResultError where it names several
 */
export function vesselOfSegment(segment: Pick<StoredSegment, 'label' | 'anatomicRegion' | 'type'>): Vessel | null {
  const byCode = (code: Code | null) => VESSELS.filter(vessel => isSameCode(code, VESSEL_CODES[vessel]));
  const words = ` ${segment.label
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .join(' ')} `;
  const byLabel = VESSELS.filter(vessel => NAMES[vessel].some(name => words.includes(name)));
  const [vessel, other] = new Set([...byCode(segment.anatomicRegion), ...byCode(segment.type), ...byLabel]);
  if (vessel && other) {
    throw new DicomResultError(
      `The segment "${segment.label}" names ${vessel} and ${other}, and a voxel belongs to one of them.`,
    );
  }
  return vessel ?? null;
}
