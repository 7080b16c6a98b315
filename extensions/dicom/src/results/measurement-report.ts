import type { Code } from './codes.ts';
import type { ReferencedObject } from './report-document.ts';
import type { Algorithm } from './segmentation.ts';

/** One number of a report. */
export interface Measurement {
  readonly name: Code;
  readonly value: number;
  /** UCUM. */
  readonly unit: Code;
  /** How it was measured: DCM 112055 "Agatston scoring method". */
  readonly method?: Code;
  /** Which of many values it is: SCT 373098007 "Mean" (CID 7464). */
  readonly derivation?: Code;
}

/** One answer in codes. */
export interface Evaluation {
  readonly name: Code;
  readonly value: Code;
}

/** One answer, parameter or remark in words, or as JSON under a private name. */
export interface ReportText {
  readonly name: Code;
  readonly text: string;
}

/** Results that belong together: those of one region, or of the whole patient. */
export interface MeasurementGroup {
  readonly tracking: { readonly id: string; readonly uid: string };
  readonly finding?: Code;
  readonly findingSites?: readonly Code[];
  /** The region they were measured in, where it is a segment. */
  readonly segment?: { readonly segmentation: ReferencedObject; readonly number: number };
  readonly algorithm?: Algorithm;
  readonly measurements: readonly Measurement[];
  readonly evaluations?: readonly Evaluation[];
  readonly texts?: readonly ReportText[];
}

/** A group as it is read back; what a file leaves out is null or an empty list. */
export interface StoredMeasurementGroup {
  readonly tracking: { readonly id: string; readonly uid: string };
  readonly finding: Code | null;
  readonly findingSites: readonly Code[];
  readonly segment: { readonly sopInstanceUid: string; readonly number: number } | null;
  /** Series that the segment was drawn on; '' where the file does not say. */
  readonly sourceSeriesUid: string;
  readonly algorithm: (Omit<Algorithm, 'family'> & { readonly family: Code | null }) | null;
  readonly measurements: readonly StoredMeasurement[];
  readonly evaluations: readonly Evaluation[];
  readonly texts: readonly ReportText[];
}

export interface StoredMeasurement {
  readonly name: Code;
  readonly value: number;
  readonly unit: Code | null;
  readonly method: Code | null;
  readonly derivation: Code | null;
}

/** A measurement report as it is read back. */
export interface StoredMeasurementReport {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly seriesDescription: string;
  readonly title: Code | null;
  readonly procedure: Code | null;
  /** '' where no person is named. */
  readonly readerName: string;
  readonly deviceName: string;
  readonly isComplete: boolean;
  readonly groups: readonly StoredMeasurementGroup[];
}

export const COMPREHENSIVE_3D_SR = '1.2.840.10008.5.1.4.1.1.88.34';
