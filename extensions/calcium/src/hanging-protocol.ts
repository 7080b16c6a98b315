/** Id of the mode's hanging protocol. */
export const HANGING_PROTOCOL_ID = '@voxelwise/calcium.hangingProtocol';

/** 3D rendering beside the axial stack, on the CT series that looks most like a calcium scan. */
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
        { attribute: 'SeriesDescription', constraint: { containsI: 'calc' }, weight: 10 },
        { attribute: 'SeriesDescription', constraint: { containsI: 'score' }, weight: 10 },
      ],
    },
  },
  stages: [
    {
      name: '3D and axial',
      viewportStructure: { layoutType: 'grid', properties: { rows: 1, columns: 2 } },
      viewports: [
        {
          viewportOptions: {
            viewportId: 'voxelwise-calcium-3d',
            viewportType: 'volume3d',
            toolGroupId: 'volume3d',
            orientation: 'coronal',
            customViewportProps: { hideOverlays: true },
          },
          displaySets: [{ id: 'ct', options: { displayPreset: { CT: 'CT-Bone', default: 'CT-Bone' } } }],
        },
        {
          viewportOptions: {
            viewportId: 'voxelwise-calcium-axial',
            viewportType: 'stack',
            toolGroupId: 'default',
            allowUnmatchedView: true,
            initialImageOptions: { preset: 'middle' },
          },
          displaySets: [{ id: 'ct' }],
        },
      ],
    },
  ],
};
