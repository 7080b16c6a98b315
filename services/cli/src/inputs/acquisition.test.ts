import { acquisitionFacts } from '@voxelwise/calcium/core';
import { ctAcquisitionOf } from '@voxelwise/dicom';
import { loadSeries } from '../dicom-folder/load-series.ts';
import { type Changes, temporaryFolders } from '../testing/ct-series.test-support.ts';
import { score } from '../testing/run.test-support.ts';
import { everywhere, type Input, inOne, seriesOf } from './inputs.test-support.ts';
import { headersInViewer } from './viewer-headers.test-support.ts';

// How the slices were made: the program knows what the viewer knows, from every slice.

const newFolder = temporaryFolders();
const AGENT_CODE = Buffer.from('feff00e0100000000800000153480800432d3137383030' + '20', 'hex');

const ACQUISITIONS: [string, Input, RegExp | null][] = [
  ['one way for all slices', seriesOf({}), null],
  [
    'another kernel in one slice',
    inOne({ '00181210': ['SH', 'B70f'] }),
    /^Reconstruction kernels FC12 and B70f in one/,
  ],
  ['no kernel in one slice', inOne({ '00181210': null }), /^Reconstruction kernel not recorded/],
  ['no gating in one slice', inOne({ '00189037': null }), /^ECG gating not recorded/],
  ['another tube voltage in one slice', inOne({ '00180060': ['DS', '100'] }), /100/],
  ['a tube voltage of 0', everywhere({ '00180060': ['DS', '0'] }), /[Tt]ube voltage/],
  ['a tin filter in one slice', inOne({ '00187050': ['CS', 'TIN'], '00180060': ['DS', '100'] }), /[Tt]ube voltage/],
  ['a thin slice among thick ones', inOne({ '00180050': ['DS', '1'] }), /^Slices 1 mm thick and 3 mm apart/],
  ['a contrast agent in one slice', inOne({ '00180010': ['LO', ' Iohexol '] }), /^Contrast agent recorded \(Iohexol\)/],
  ['one that is named by a code', inOne({ '00180012': ['SQ', AGENT_CODE] }), /^Contrast agent .*\(named by code\)/],
  [
    'gating by options, time and phase',
    everywhere({ '00189037': null, '00180022': ['CS', 'HELICAL\\AXIAL'], '00181060': ['DS', '650'] } satisfies Changes),
    null,
  ],
];

test.each(ACQUISITIONS)('%s', async (_, input, warning) => {
  const folder = newFolder();
  input(folder);
  const { facts } = await loadSeries(folder);
  expect(facts).toEqual(
    acquisitionFacts(headersInViewer(folder).map(ctAcquisitionOf), { incrementMm: 3, padded: new Map() }),
  );
  const { warnings } = await score(folder);
  const ofAcquisition = warnings.filter(text => !/^Neither vessels nor regions/.test(text));
  expect(ofAcquisition).toEqual(warning ? expect.arrayContaining([expect.stringMatching(warning)]) : []);
});
