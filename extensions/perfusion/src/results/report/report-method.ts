import {
  type Column,
  type Fact,
  factRows,
  headed,
  type PdfDocument,
  type Section,
  textSection,
} from '@voxelwise/dicom';
import { conventionInWords } from '../convention-in-words.ts';
import type { PerfusionReport } from './report.ts';
import { mapNames } from './report-maps.ts';

/** All that the numbers rest on, and what computed them. */
export function methodSections(doc: PdfDocument, report: PerfusionReport, column: Column): Section[] {
  const { result, acquisition, study } = report;
  const facts: Fact[] = [
    ['Software', `${result.software.name} ${result.software.version}`],
    ['Computed', computation(result.run)],
    ['Series', acquisition.seriesInstanceUid],
    ['Study', study.instanceUid],
  ];
  return [
    textSection(doc, 'Method and convention', [...conventionInWords(result.settings), `${mapNames()}.`], column),
    textSection(doc, 'Notes', result.notes, column),
    headed(doc, 'Computation and images', factRows(doc, facts, column), column),
  ].filter(section => section.length > 0);
}

function computation({ producer, milliseconds, deviceName, notes }: PerfusionReport['result']['run']): string {
  const by = deviceName ? `${producer} on ${deviceName}` : producer;
  return [`by ${by} in ${(milliseconds / 1000).toFixed(2)} s`, ...notes].join('; ');
}
