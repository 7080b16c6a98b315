import type { Archive } from './archive.ts';
import { INDEXED_ATTRIBUTES, type IndexedAttribute, type Level } from './attributes.ts';
import { type Dataset, type DicomValue, element, textOf } from './dicom-json.ts';
import type { SeriesEntry, StudyEntry } from './index-cache.ts';
import { matches } from './matching.ts';

// QIDO-RS (PS3.18 section 10.6) over the index in memory.

export interface QueryScope {
  level: Level;
  studyUid?: string;
  seriesUid?: string;
}

export interface QueryResult {
  datasets: Dataset[];
  /** What the client should know: parameters that were ignored, results that were cut off. */
  warnings: string[];
}

// Not attributes of any object: counted over what belongs to it.
const COMPUTED: IndexedAttribute[] = [{ keyword: 'ModalitiesInStudy', tag: '00080061', vr: 'CS' }];
const CONTROL_PARAMETERS = new Set(['limit', 'offset', 'includefield', 'fuzzymatching', 'emptyvaluematching']);
const NAMED_IN_WARNING = 10;
const LEVELS: Level[] = ['study', 'series', 'instance'];

/**
 * Answers a query. Unknown attributes are ignored with a warning, as PS3.18 allows.
 *
 * @param serviceUrl absolute URL of the DICOMweb root, for Retrieve URL (0008,1190).
 */
export function query(
  archive: Archive,
  scope: QueryScope,
  parameters: URLSearchParams,
  serviceUrl: string,
): QueryResult {
  const { conditions, warnings } = readConditions(parameters, scope.level);
  const limit = readCount(parameters.get('limit')) ?? Number.POSITIVE_INFINITY;
  const offset = readCount(parameters.get('offset')) ?? 0;
  const datasets: Dataset[] = [];
  let position = 0;
  for (const dataset of candidates(archive, scope, serviceUrl)) {
    const matched = conditions.every(({ attribute, wanted }) =>
      wanted.some(text => matches(attribute.vr, text, dataset[attribute.tag])),
    );
    if (!matched) continue;
    position += 1;
    if (position <= offset) continue;
    if (datasets.length >= limit) {
      warnings.push('There are additional results that can be requested');
      break;
    }
    datasets.push(dataset);
  }
  return { datasets, warnings };
}

interface Condition {
  attribute: IndexedAttribute;
  wanted: string[];
}

function readConditions(parameters: URLSearchParams, level: Level): { conditions: Condition[]; warnings: string[] } {
  const searchable = [
    ...LEVELS.slice(0, LEVELS.indexOf(level) + 1).flatMap(one => INDEXED_ATTRIBUTES[one]),
    ...COMPUTED,
  ];
  const conditions: Condition[] = [];
  const ignored: string[] = [];
  for (const name of new Set(parameters.keys())) {
    if (CONTROL_PARAMETERS.has(name.toLowerCase())) continue;
    const attribute = searchable.find(one => one.keyword === name || one.tag === name.toUpperCase());
    const wanted = parameters.getAll(name).filter(text => text !== '');
    if (!attribute) ignored.push(name.replace(/[^\w.-]/g, '?').slice(0, 64));
    else if (wanted.length > 0) conditions.push({ attribute, wanted });
  }
  const warnings: string[] = [];
  if (ignored.length > 0) {
    // Clients limit the size of headers: a query with thousands of parameters must not make an answer they cannot read.
    const named = ignored.slice(0, NAMED_IN_WARNING).join(', ');
    const more = ignored.length > NAMED_IN_WARNING ? ` and ${ignored.length - NAMED_IN_WARNING} more` : '';
    warnings.push(`The following parameters were ignored: ${named}${more}`);
  }
  if (parameters.get('fuzzymatching') === 'true') {
    warnings.push('The fuzzymatching parameter is not supported. Only literal matching has been performed.');
  }
  return { conditions, warnings };
}

function readCount(text: string | null): number | undefined {
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Everything at the level of the query, newest study first, each with the attributes of the levels above. */
function* candidates(archive: Archive, scope: QueryScope, serviceUrl: string): Generator<Dataset> {
  const all = scope.studyUid ? [archive.studies.get(scope.studyUid)] : newestFirst(archive.studies.values());
  for (const study of all) {
    if (!study) continue;
    const studyUrl = `${serviceUrl}/studies/${study.uid}`;
    const studyPart = describeStudy(study);
    if (scope.level === 'study') {
      yield finish(studyPart, studyUrl);
      continue;
    }
    for (const series of bySeriesNumber(study.series.values())) {
      if (scope.seriesUid && scope.seriesUid !== series.uid) continue;
      const seriesUrl = `${studyUrl}/series/${series.uid}`;
      const seriesPart = { ...studyPart, ...series.attributes, '00201209': element('IS', series.instances.size) };
      if (scope.level === 'series') {
        yield finish(seriesPart, seriesUrl);
        continue;
      }
      for (const instance of series.instances.values()) {
        const transferSyntax = { '00083002': element('UI', instance.transferSyntaxUid) };
        yield finish(
          { ...seriesPart, ...instance.attributes, ...transferSyntax },
          `${seriesUrl}/instances/${instance.uid}`,
        );
      }
    }
  }
}

function describeStudy(study: StudyEntry): Dataset {
  const series = [...study.series.values()];
  const instanceCount = series.reduce((sum, one) => sum + one.instances.size, 0);
  const distinct = (values: string[]): DicomValue[] => [...new Set(values)].sort();
  const sopClasses = series.flatMap(one => [...one.instances.values()].map(i => textOf(i.attributes, '00080016')));
  return {
    ...study.attributes,
    '00080061': element('CS', ...distinct(series.map(one => textOf(one.attributes, '00080060')))),
    '00080062': element('UI', ...distinct(sopClasses)),
    '00201206': element('IS', series.length),
    '00201208': element('IS', instanceCount),
  };
}

function finish(dataset: Dataset, retrieveUrl: string): Dataset {
  return {
    '00080005': element('CS', 'ISO_IR 192'),
    '00080056': element('CS', 'ONLINE'),
    ...dataset,
    '00081190': element('UR', retrieveUrl),
  };
}

function newestFirst(studies: Iterable<StudyEntry>): StudyEntry[] {
  const when = (study: StudyEntry) => textOf(study.attributes, '00080020') + textOf(study.attributes, '00080030');
  return [...studies].sort((one, other) => when(other).localeCompare(when(one)) || one.uid.localeCompare(other.uid));
}

function bySeriesNumber(series: Iterable<SeriesEntry>): SeriesEntry[] {
  const number = (one: SeriesEntry) => Number(textOf(one.attributes, '00200011'));
  return [...series].sort((one, other) => number(one) - number(other));
}
