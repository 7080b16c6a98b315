import { type Code, PRIVATE_SCHEME } from './codes.ts';
import { codeContentItem, containerItem, imageItem, personItem, textItem, uidItem } from './content-item.ts';
import type { DataSet, Items } from './data-set.ts';
import { type DerivedObjectOptions, derivedObject, MANUFACTURER } from './derived-object.ts';
import { type DicomObject, toDicomObject } from './dicom-object.ts';
import { bySeries, distinctInstances, instanceItem } from './references.ts';
import { CONCEPTS, modalityCode } from './report-concepts.ts';
import type { DerivedSource } from './source.ts';

/** An object that a report refers to. */
export type ReferencedObject = Pick<DicomObject, 'seriesInstanceUid' | 'sopClassUid' | 'sopInstanceUid'>;

export interface ReportOptions extends Omit<DerivedObjectOptions, 'sopClassUid' | 'modality'> {
  /** What was done to the patient: SCT 426005005 "Cardiac CT for calcium scoring". */
  readonly procedure: Code;
  /** The reader, "Family^Given", where a person stands behind the result. */
  readonly readerName?: string;
  /** The result is final: COMPLETE instead of PARTIAL. */
  readonly isComplete: boolean;
  /** Further objects of the same study that the result rests on, such as the maps behind its numbers. */
  readonly furtherEvidence?: readonly ReferencedObject[];
}

/** Identifies this program as an observer; the same for every installation, because it has no identity of its own. */
export const DEVICE_OBSERVER_UID = '2.25.183291246571409537406133408871906218843';

/**
 * A structured report: the document around the tree (PS3.3 C.17.2).
 * @param root the tree's first item
 * @param references objects beside the source slices that the tree refers to
 */
export function reportDocument(
  source: DerivedSource,
  root: DataSet,
  references: readonly ReferencedObject[],
  options: ReportOptions & { readonly sopClassUid: string },
): DicomObject {
  return toDicomObject({
    ...derivedObject(source, { ...options, modality: 'SR' }),
    CodingSchemeIdentificationSequence: [
      {
        CodingSchemeDesignator: PRIVATE_SCHEME,
        CodingSchemeName: 'Voxelwise concepts that no standard scheme has',
        CodingSchemeResponsibleOrganization: MANUFACTURER,
      },
    ],
    ReferencedPerformedProcedureStepSequence: [],
    PerformedProcedureCodeSequence: [],
    CompletionFlag: options.isComplete ? 'COMPLETE' : 'PARTIAL',
    VerificationFlag: 'UNVERIFIED',
    CurrentRequestedProcedureEvidenceSequence: evidence(source, [...references, ...(options.furtherEvidence ?? [])]),
    ...root,
  });
}

/** Everything that the tree refers to, by series (PS3.3 table C.17-3a). */
function evidence(source: DerivedSource, references: readonly ReferencedObject[]): Items {
  const distinct = distinctInstances<ReferencedObject>([...source.slices, ...references]);
  return [
    {
      StudyInstanceUID: source.studyInstanceUid,
      ReferencedSeriesSequence: [...bySeries(distinct)].map(([SeriesInstanceUID, instances]) => ({
        SeriesInstanceUID,
        ReferencedSOPSequence: instances.map(instanceItem),
      })),
    },
  ];
}

/** What stands at the beginning of every report: language (TID 1204), observers (TID 1002) and procedure. */
export function reportContext({ software, readerName, procedure }: ReportOptions): DataSet[] {
  const context = 'HAS OBS CONTEXT';
  return [
    codeContentItem('HAS CONCEPT MOD', CONCEPTS.language, { value: 'en', scheme: 'RFC5646', meaning: 'English' }),
    codeContentItem(context, CONCEPTS.observerType, CONCEPTS.device),
    uidItem(context, CONCEPTS.deviceUid, DEVICE_OBSERVER_UID),
    textItem(context, CONCEPTS.deviceName, [software.modelName, ...software.versions].join(' ')),
    textItem(context, CONCEPTS.deviceManufacturer, MANUFACTURER),
    textItem(context, CONCEPTS.deviceModel, software.modelName),
    ...(readerName
      ? [
          codeContentItem(context, CONCEPTS.observerType, CONCEPTS.person),
          personItem(context, CONCEPTS.personName, readerName),
        ]
      : []),
    codeContentItem('HAS CONCEPT MOD', CONCEPTS.procedureReported, procedure),
  ];
}

/** The source slices (TID 1600 to 1602). */
export function imageLibrary(source: DerivedSource): DataSet {
  const { frameOfReferenceUid, modality, slices } = source;
  const descriptors = [
    ...(modality ? [codeContentItem('HAS ACQ CONTEXT', CONCEPTS.modality, modalityCode(modality))] : []),
    ...(frameOfReferenceUid ? [uidItem('HAS ACQ CONTEXT', CONCEPTS.frameOfReferenceUid, frameOfReferenceUid)] : []),
  ];
  const images = distinctInstances(slices).map(slice => imageItem('CONTAINS', null, slice));
  const group = containerItem('CONTAINS', CONCEPTS.imageLibraryGroup, [...descriptors, ...images]);
  return containerItem('CONTAINS', CONCEPTS.imageLibrary, [group]);
}
