import type { VolumeStyle } from '@voxelwise/host';
import { MAXIMUM_LIKELIHOOD } from './session/calcium-likelihood.ts';

/** Id of the mode's hanging protocol. */
export const HANGING_PROTOCOL_ID = '@voxelwise/calcium.hangingProtocol';

/** Id of the viewport in which lesions are assigned. */
export const AXIAL_VIEWPORT = 'voxelwise-calcium-axial';

/** Attribute of display sets that the extension adds to the host: see calciumLikelihood. */
export const LIKELIHOOD_ATTRIBUTE = 'voxelwiseCalciumLikelihood';

/** Name of the 3D preset that the extension adds to the host. */
export const VOLUME_PRESET = 'Voxelwise-Calcium';

/** A phone, or a screen that stands: the views lie above each other there. */
const isPortrait = globalThis.innerWidth < globalThis.innerHeight;

/** Axial stack beside a 3D rendering, on the CT series that looks most like a calcium scan. */
export const hangingProtocol = {
  id: HANGING_PROTOCOL_ID,
  name: 'Coronary calcium',
  toolGroupIds: ['default', 'volume3d'],
  protocolMatchingRules: [{ attribute: 'ModalitiesInStudy', constraint: { contains: ['CT'] } }],
  displaySetSelectors: {
    ct: {
      seriesMatchingRules: [
        { attribute: 'Modality', constraint: { equals: 'CT' }, required: true, weight: 1 },
        { attribute: 'isReconstructable', constraint: { equals: true }, required: true, weight: 1 },
        // The host adds up the weights of the rules that hold, so these together weigh as much as the likelihood.
        ...Array.from({ length: MAXIMUM_LIKELIHOOD }, (_, value) => ({
          attribute: LIKELIHOOD_ATTRIBUTE,
          constraint: { greaterThan: { value } },
          weight: 1,
        })),
      ],
    },
  },
  stages: [
    {
      name: 'Axial and 3D',
      viewportStructure: {
        layoutType: 'grid',
        properties: isPortrait
          ? {
              rows: 2,
              columns: 1,
              layoutOptions: [
                { x: 0, y: 0, width: 1, height: 0.6 },
                { x: 0, y: 0.6, width: 1, height: 0.4 },
              ],
            }
          : {
              rows: 1,
              columns: 2,
              layoutOptions: [
                { x: 0, y: 0, width: 0.6, height: 1 },
                { x: 0.6, y: 0, width: 0.4, height: 1 },
              ],
            },
      },
      viewports: [
        {
          viewportOptions: {
            viewportId: AXIAL_VIEWPORT,
            viewportType: 'stack',
            toolGroupId: 'default',
            allowUnmatchedView: true,
            initialImageOptions: { preset: 'middle' },
          },
          displaySets: [{ id: 'ct' }],
        },
        {
          viewportOptions: {
            viewportId: 'voxelwise-calcium-3d',
            viewportType: 'volume3d',
            toolGroupId: 'volume3d',
            orientation: 'coronal',
            customViewportProps: { hideOverlays: true },
          },
          displaySets: [{ id: 'ct', options: { displayPreset: { CT: VOLUME_PRESET, default: VOLUME_PRESET } } }],
        },
      ],
    },
  ],
};

/** Bone as a veil, so that calcium on the heart stays visible from the front. Values in HU. */
export const calciumVolumeStyle: VolumeStyle = {
  opacity: [
    [-3024, 0],
    [140, 0],
    [220, 0.03],
    [500, 0.08],
    [1000, 0.16],
    [3071, 0.2],
  ],
  color: [
    [100, 0.8, 0.5, 0.35],
    [300, 0.95, 0.82, 0.66],
    [700, 1, 0.97, 0.9],
  ],
};
