import { type GatingAttributes, gatingOf } from './index.ts';

const none: GatingAttributes = {
  cardiacSynchronizationTechnique: '',
  scanOptions: '',
  triggerTime: '',
  cardiacPhasePercent: '',
};

test.each<[Partial<GatingAttributes>, string]>([
  [{}, ''],
  [{ cardiacSynchronizationTechnique: 'PROSPECTIVE' }, 'PROSPECTIVE'],
  [{ cardiacSynchronizationTechnique: 'NONE', scanOptions: 'ECG' }, ''],
  [{ scanOptions: 'HELICAL MODE' }, ''],
  [{ scanOptions: 'VOLUME_CT' }, ''],
  [{ scanOptions: 'SEGMENT\\CARDIAC' }, 'SEGMENT\\CARDIAC'],
  [{ scanOptions: 'ECG_GATED' }, 'ECG_GATED'],
  [{ cardiacPhasePercent: ' 75 ' }, 'cardiac phase 75 %'],
  [{ triggerTime: '650' }, 'trigger time 650 ms'],
])('%j tells of the gating %p', (attributes, gating) => {
  expect(gatingOf({ ...none, ...attributes })).toBe(gating);
});
