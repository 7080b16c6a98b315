import { recordIdSchema } from './contract.ts';
import { newId } from './new-id.ts';

test('ids are what the contract wants, and each is another', () => {
  const ids = Array.from({ length: 1000 }, newId);
  for (const id of ids) expect(recordIdSchema.safeParse(id).success).toBe(true);
  expect(new Set(ids).size).toBe(1000);
});
