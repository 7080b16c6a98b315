/** What leaves the perfusion extension: pictures, the report, DICOM objects. Pure, for browsers and Node. */

export * from './color-map/index.ts';
