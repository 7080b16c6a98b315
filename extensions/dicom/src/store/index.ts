/** An archive over DICOMweb: storing results, finding them again, fetching them. */

export type { DicomWebTarget, ExchangeOptions } from './dicom-web.ts';
export { ArchiveError } from './dicom-web.ts';
export type { ResultFilter, StoredSeries } from './find-results.ts';
export { findResults } from './find-results.ts';
export type { InstanceReference } from './retrieve-instance.ts';
export { retrieveInstance } from './retrieve-instance.ts';
export type { StorableInstance, StoreOptions, StoreOutcome, StoreProgress, StoreReport } from './store-instances.ts';
export { storeInstances } from './store-instances.ts';
