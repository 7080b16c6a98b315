import dcmjs from 'dcmjs';
import { attributeOfTag, attributesInOrder } from './attributes.ts';

test('every attribute has the tag and value representation of another dictionary', () => {
  const { nameMap } = dcmjs.data.DicomMetaDictionary as unknown as {
    nameMap: Readonly<Record<string, { tag: string; vr: string }>>;
  };
  for (const { keyword, tag, vr } of attributesInOrder()) {
    const other = nameMap[keyword];
    expect([keyword, other?.tag]).toEqual([keyword, `(${tag.slice(0, 4)},${tag.slice(4)})`]);
    // Of two representations: the writer chooses that of pixel data by BitsAllocated; mapped values are unsigned as the pixels.
    const chosen = { ox: 'OB', xs: 'US' }[other?.vr ?? ''] ?? other?.vr;
    expect([keyword, chosen]).toEqual([keyword, vr]);
  }
});

test('tags ascend and lead back to their keyword', () => {
  const tags = attributesInOrder().map(({ tag }) => tag);
  expect(tags).toEqual([...new Set(tags)].sort());
  for (const { keyword, tag } of attributesInOrder()) {
    expect(attributeOfTag(tag.toLowerCase())?.keyword).toBe(keyword);
  }
});
