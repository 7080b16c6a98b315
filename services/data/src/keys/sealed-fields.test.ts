import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { type DataKey, newDataKey, unwrapDataKey } from './data-keys.ts';
import { KeyError, SealError } from './errors.ts';
import { newKeyRing, withNewMasterKey } from './keys.test-support.ts';
import { open, seal, sealedField } from './sealed-fields.ts';

const ring = newKeyRing();
const { dataKey, row } = newDataKey(ring);
const place = (table: string, column: string, rowId: string, key: DataKey = dataKey) =>
  sealedField(table, column, rowId, key);
const rowId = randomUUID();
const note = place('prediction', 'note_sealed', rowId);
const text = fc.string({ unit: 'grapheme', maxLength: 200 });

test('a sealed text opens again, is another each time, and does not show the text', () => {
  fc.assert(
    fc.property(text, value => {
      const sealed = seal(note, value);
      expect(open(note, sealed)).toBe(value);
      expect(seal(note, value)).not.toBe(sealed);
      expect(sealed).toMatch(new RegExp(`^f1:${dataKey.id}:[A-Za-z0-9_-]+$`));
      if (value.length > 3) expect(Buffer.from(sealed.split(':')[2]!, 'base64url').includes(value)).toBe(false);
    }),
  );
});

test('a change of any character is detected and named', () => {
  const sealed = seal(note, 'Nodule in the left upper lobe');
  const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:+/=. '];
  for (let index = 0; index < sealed.length; index += 1) {
    for (const other of alphabet) {
      if (sealed[index] === other) continue;
      const changed = sealed.slice(0, index) + other + sealed.slice(index + 1);
      expect(() => open(note, changed)).toThrow(SealError);
      expect(() => open(note, changed)).toThrow(`The field prediction.note_sealed of row ${rowId} `);
    }
  }
});

test('cutting, lengthening and repeating are detected', () => {
  fc.assert(
    fc.property(text, fc.nat(), fc.base64String(), (value, at, more) => {
      const sealed = seal(note, value);
      expect(() => open(note, sealed.slice(0, at % sealed.length))).toThrow(SealError);
      expect(() => open(note, `${sealed}${more || 'A'}`)).toThrow(SealError);
      expect(() => open(note, `${sealed}:${sealed}`)).toThrow(SealError);
    }),
  );
});

test('a text moved to another row, column, table or record is detected', () => {
  const sealed = seal(note, 'moved');
  const other = newDataKey(ring).dataKey;
  for (const [elsewhere, reason] of [
    [place('prediction', 'note_sealed', randomUUID()), 'does not open: it was changed, or moved'],
    [place('prediction', 'reason_sealed', rowId), 'does not open: it was changed, or moved'],
    [place('review', 'note_sealed', rowId), 'does not open: it was changed, or moved'],
    [place('prediction', 'note_sealed', rowId, other), 'sealed with the data key of another record'],
    [place('prediction', 'note_sealed', rowId, { ...dataKey, key: other.key }), 'does not open'],
  ] as const) {
    expect(() => open(elsewhere, sealed)).toThrow(reason);
  }
});

test('plain text is named as such, and not quoted', () => {
  expect(() => open(note, 'Mrs Miller has a nodule')).toThrow(
    /^The field prediction.note_sealed of row \S+ is not sealed text\.$/,
  );
});

test('a wrapped data key opens with its master key alone, in its own row', () => {
  expect(row.wrapped).toHaveLength(60);
  expect(unwrapDataKey(ring, row).key.equals(dataKey.key)).toBe(true);
  expect(unwrapDataKey(withNewMasterKey(ring), row).key.equals(dataKey.key)).toBe(true);

  expect(() => unwrapDataKey(newKeyRing(), row)).toThrow(SealError);
  expect(() => unwrapDataKey(newKeyRing(), row)).toThrow(`The data key ${row.id} does not open with the master key m1`);
  expect(() => unwrapDataKey(ring, { ...row, id: randomUUID() })).toThrow(SealError);
  expect(() => unwrapDataKey(ring, { ...row, masterKeyId: 'm2' })).toThrow(KeyError);
  const renamed = { ...ring, masterKeys: [{ ...ring.masterKeys[0]!, id: 'm2' }] };
  expect(() => unwrapDataKey(renamed, { ...row, masterKeyId: 'm2' })).toThrow(SealError);
});

test('a flipped byte anywhere in a wrapped data key is detected', () => {
  for (let index = 0; index < row.wrapped.length; index += 1) {
    const wrapped = Uint8Array.from(row.wrapped);
    wrapped[index]! ^= 1;
    expect(() => unwrapDataKey(ring, { ...row, wrapped })).toThrow(SealError);
  }
  for (const length of [0, 12, 28, 59]) {
    expect(() => unwrapDataKey(ring, { ...row, wrapped: row.wrapped.slice(0, length) })).toThrow(SealError);
  }
});
