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
  [{ triggerTime: '0' }, ''],
  [{ triggerTime: '0.000' }, ''],
  [{ triggerTime: 'unknown' }, ''],
  [{ scanOptions: 'NON GATED' }, ''],
  [{ scanOptions: 'NON-GATED' }, ''],
  [{ scanOptions: 'NONGATED' }, ''],
  [{ scanOptions: 'UNGATED' }, ''],
  [{ scanOptions: 'NO ECG' }, ''],
  [{ scanOptions: 'NO_ECG' }, ''],
  [{ scanOptions: 'ECG OFF' }, ''],
  [{ scanOptions: 'ECG_GATING_OFF' }, ''],
  [{ scanOptions: 'HELICAL MODE\\NON GATED', triggerTime: '650' }, ''],
  [{ scanOptions: 'RESPIRATORY GATED' }, ''],
  [{ scanOptions: 'NO CONTRAST\\ECG' }, 'NO CONTRAST\\ECG'],
  [{ scanOptions: 'SNAPSHOT TRIGGERED' }, 'SNAPSHOT TRIGGERED'],
])('%j tells of the gating %p', (attributes, gating) => {
  expect(gatingOf({ ...none, ...attributes })).toBe(gating);
});
