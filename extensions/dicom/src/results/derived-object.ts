import { VERSION } from '../version.generated.ts';
import { codeItem, dcm } from './codes.ts';
import type { DataSet, Items } from './data-set.ts';
import { textOf } from './natural.ts';
import type { DerivedSource } from './source.ts';
import { newUid, type UidGenerator } from './uid.ts';

/** What made a result: its name and version stand in every object. */
export interface ResultSoftware {
  /** ManufacturerModelName: "Voxelwise calcium". */
  readonly modelName: string;
  /** SoftwareVersions, most telling first: ["0.1.0", "compute 0.1.0, wasm-simd"]. */
  readonly versions: readonly string[];
  /** DeviceSerialNumber; a program has none. */
  readonly serialNumber?: string;
}

/** What differs between the objects of one run. */
export interface DerivedObjectOptions {
  readonly sopClassUid: string;
  readonly modality: string;
  readonly seriesDescription: string;
  /** A number that no other series of the study has; see freeSeriesNumber. */
  readonly seriesNumber: number;
  readonly software: ResultSoftware;
  /** Within its series, from 1. */
  readonly instanceNumber?: number;
  /** For a further object of the same series. Without it every call makes a new series. */
  readonly seriesInstanceUid?: string;
  /** Part of the body in the terms of CID 4031, where it is known. */
  readonly bodyPartExamined?: string;
  /** Clock and source of UIDs, for tests. */
  readonly now?: Date;
  readonly newUid?: UidGenerator;
}

export const MANUFACTURER = 'Voxelwise';

/**
 * The modules that every derived object has: patient and study of the source, a new series and instance, our equipment, the device
 * that acquired the images as contributing equipment (PS3.3 C.7.1, C.7.2, C.7.3.1, C.7.5, C.12.1). Frame of reference, ImageType and
 * content are the object's own.
 */
export function derivedObject(source: DerivedSource, options: DerivedObjectOptions): DataSet {
  const { software, now = new Date(), newUid: uid = newUid } = options;
  const offset = textOf(source.patientAndStudy, 'TimezoneOffsetFromUTC');
  const { date, time } = dicomDateTime(now, offset);
  return {
    ...source.patientAndStudy,
    SOPClassUID: options.sopClassUid,
    SOPInstanceUID: uid(),
    InstanceCreationDate: date,
    InstanceCreationTime: time,
    Modality: options.modality,
    SeriesInstanceUID: options.seriesInstanceUid ?? uid(),
    SeriesNumber: options.seriesNumber,
    SeriesDescription: options.seriesDescription,
    SeriesDate: date,
    SeriesTime: time,
    ...(options.bodyPartExamined && { BodyPartExamined: options.bodyPartExamined }),
    InstanceNumber: options.instanceNumber ?? 1,
    ContentDate: date,
    ContentTime: time,
    Manufacturer: MANUFACTURER,
    ManufacturerModelName: software.modelName,
    DeviceSerialNumber: software.serialNumber ?? 'none',
    SoftwareVersions: [...software.versions, `dicom ${VERSION}`],
    ContributingEquipmentSequence: acquisitionEquipment(source),
  };
}

/** The lowest number from 1000 on that none of the study's series has. */
export function freeSeriesNumber(taken: readonly number[], lowest = 1000): number {
  let number = lowest;
  while (taken.includes(number)) number++;
  return number;
}

/** Date (DA) and time (TM) of a moment: in the zone that the object declares ("+0900"), otherwise in that of the machine. */
export function dicomDateTime(now: Date, timezoneOffset = ''): { date: string; time: string } {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)$/.exec(timezoneOffset.trim()) ?? [];
  const declared = sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) : -now.getTimezoneOffset();
  const iso = new Date(now.getTime() + declared * 60_000).toISOString();
  return { date: iso.slice(0, 10).replaceAll('-', ''), time: iso.slice(11, 23).replaceAll(':', '') };
}

/** Who acquired the source images (PS3.3 C.12.1.1.5); nobody where the source does not say. */
function acquisitionEquipment({ equipment }: DerivedSource): Items | undefined {
  if (!textOf(equipment, 'Manufacturer')) return undefined;
  return [{ PurposeOfReferenceCodeSequence: [codeItem(dcm('109101', 'Acquisition Equipment'))], ...equipment }];
}
