import { labelSchema } from './contract.ts';
import { labelOf } from './label-text.ts';

test.each([
  ['SIEMENS', 'SIEMENS'],
  ['  Philips \t Médical\nSystems ', 'Philips Medical Systems'],
  ['東芝 Aquilion', '?? Aquilion'],
  [`x${' '.repeat(300)}y`, 'x y'],
])('%j is the label %j', (text, label) => {
  expect(labelOf(text)).toBe(label);
  expect(labelSchema.safeParse(label).success).toBe(true);
});

test.each([undefined, null, '', ' \n'])('%j is no label', text => {
  expect(labelOf(text)).toBeUndefined();
});

test('a label is as long as the contract allows', () => {
  expect(labelOf('ü'.repeat(500))).toBe('u'.repeat(200));
});
