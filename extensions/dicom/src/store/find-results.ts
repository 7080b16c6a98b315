import { type JsonDataset, numberOf, parseDatasets, textOf } from './dicom-json.ts';
import { ArchiveError, type DicomWebTarget, type ExchangeOptions, exchange } from './dicom-web.ts';
import { refusalOf } from './refusal.ts';

/** A series in an archive that may hold results of ours. */
export interface StoredSeries {
  readonly studyInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly modality: string;
  readonly seriesNumber: number | undefined;
  readonly seriesDescription: string;
  readonly manufacturer: string;
  readonly instances: readonly { readonly sopInstanceUid: string; readonly sopClassUid: string }[];
}

export interface ResultFilter {
  /** Modality of results: 'SEG', 'SR' and so on; all when it is left out. */
  readonly modalities?: readonly string[];
  /** Manufacturer (0008,0070) exactly as it was written; any when it is left out. */
  readonly manufacturer?: string;
}

const TAGS = {
  sopClassUid: '00080016',
  sopInstanceUid: '00080018',
  modality: '00080060',
  manufacturer: '00080070',
  seriesDescription: '0008103E',
  seriesInstanceUid: '0020000E',
  seriesNumber: '00200011',
};

/**
 * Finds series of a study by QIDO-RS, to reopen stored results. Manufacturer is not among the attributes that archives
 * must return for a series, so where it is missing it is read from the metadata of the first object.
 * @throws ArchiveError
 */
export async function findResults(
  target: DicomWebTarget,
  studyInstanceUid: string,
  filter: ResultFilter = {},
  options: ExchangeOptions = {},
): Promise<StoredSeries[]> {
  const get = (path: string, root = target.queryUrl ?? target.url) => getDatasets(target, `${root}/${path}`, options);
  const fields = [TAGS.manufacturer, TAGS.seriesDescription, TAGS.seriesNumber].map(tag => `includefield=${tag}`);
  const study = `studies/${studyInstanceUid}`;
  const found: StoredSeries[] = [];
  for (const series of await get(`${study}/series?${fields.join('&')}`)) {
    const modality = textOf(series, TAGS.modality);
    const seriesInstanceUid = textOf(series, TAGS.seriesInstanceUid);
    const known = textOf(series, TAGS.manufacturer);
    if (!seriesInstanceUid || (filter.modalities && !filter.modalities.includes(modality))) continue;
    if (filter.manufacturer && known && known !== filter.manufacturer) continue;
    const instances = (await get(`${study}/series/${seriesInstanceUid}/instances`))
      .map(instance => ({
        sopInstanceUid: textOf(instance, TAGS.sopInstanceUid),
        sopClassUid: textOf(instance, TAGS.sopClassUid),
      }))
      .filter(({ sopInstanceUid }) => sopInstanceUid !== '');
    let manufacturer = known;
    const [first] = instances;
    if (!manufacturer && filter.manufacturer && first) {
      const path = `${study}/series/${seriesInstanceUid}/instances/${first.sopInstanceUid}/metadata`;
      const [metadata] = await get(path, target.url);
      manufacturer = metadata ? textOf(metadata, TAGS.manufacturer) : '';
      if (manufacturer !== filter.manufacturer) continue;
    }
    found.push({
      studyInstanceUid,
      seriesInstanceUid,
      modality,
      seriesNumber: numberOf(series, TAGS.seriesNumber),
      seriesDescription: textOf(series, TAGS.seriesDescription),
      manufacturer,
      instances,
    });
  }
  return found;
}

async function getDatasets(target: DicomWebTarget, url: string, options: ExchangeOptions): Promise<JsonDataset[]> {
  const answer = await exchange(target, url, { headers: { Accept: 'application/dicom+json' } }, options);
  if (answer.status === 204) return []; // how some archives say that nothing was found
  if (answer.status !== 200) throw refusalOf(target, answer);
  const datasets = parseDatasets(answer.bytes);
  if (datasets) return datasets;
  throw new ArchiveError(
    `The archive at ${target.queryUrl ?? target.url} did not answer a query in DICOM JSON. Check the data source's qidoRoot in the viewer's configuration.`,
    answer.status,
  );
}
