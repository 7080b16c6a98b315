/** The part of dcmjs that the samples use; the package ships no types. */
declare module 'dcmjs' {
  /** Values of a data set by DICOM keyword. */
  type NaturalDataset = Record<string, unknown>;
  /** Elements by tag ("00080018"), each with its value representation. */
  type TagDataset = Record<string, { vr: string; Value: readonly unknown[] }>;
  class DicomDict {
    constructor(meta: TagDataset);
    dict: TagDataset;
    write(options?: Record<string, unknown>): ArrayBuffer;
  }
  const dcmjs: {
    data: {
      DicomDict: typeof DicomDict;
      DicomMetaDictionary: { denaturalizeDataset(dataset: NaturalDataset): TagDataset };
    };
  };
  export default dcmjs;
}
