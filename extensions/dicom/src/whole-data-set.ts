import type { DataSet, Element } from 'dicom-parser';

/**
 * Why a data set that dicom-parser has read is not all that was written: a value reaches past the end of what holds it, or
 * the end of a sequence, of an item or of compressed pixels never came. dicom-parser steps over both without a word, and the
 * data set of a file that was cut off looks like a smaller one.
 * @param untilTag the tag that parsing was told to stop at ("x7fe00010"): that element itself is not looked at
 * @returns a clause ("it ends inside the element (0042,0011)"), or null where everything is there
 */
export function whyIncomplete(dataSet: DataSet, untilTag?: string): string | null {
  const tag = incompleteElement(dataSet, dataSet.byteArray.length, untilTag);
  return tag && `it ends inside the element (${tag.slice(1, 5)},${tag.slice(5)})`;
}

/** Why dicom-parser gave up, as a clause too: it throws texts and errors that speak of functions of its own. */
export function parsingProblem(thrown: unknown): string {
  const inner = (thrown as { exception?: unknown } | null)?.exception ?? thrown;
  const message = inner instanceof Error ? inner.message : String(inner);
  if (/DICM prefix/.test(message)) return 'it does not begin like one';
  if (/0002,0010/.test(message)) return 'it does not name its transfer syntax';
  return /past end|overrun|outside/.test(message)
    ? 'an element reaches past its end'
    : 'its elements cannot be told apart';
}

/** Tag of the first element that is not whole. */
function incompleteElement(dataSet: DataSet, end: number, untilTag?: string): string | null {
  for (const element of Object.values(dataSet.elements)) {
    // The meta group lies in the file, and of a deflated file the data set lies in other bytes.
    if (element.tag === untilTag || element.tag.startsWith('x0002')) continue;
    const elementEnd = element.dataOffset + element.length;
    if (elementEnd > end || !isEnded(element, dataSet)) return element.tag;
    for (const item of element.items ?? []) {
      const itemEnd = item.dataOffset + item.length;
      if (itemEnd > elementEnd || (item.hadUndefinedLength && !item.dataSet?.elements.xfffee00d)) return element.tag;
      const inside = item.dataSet && incompleteElement(item.dataSet, itemEnd);
      if (inside) return inside;
    }
  }
  return null;
}

/** Whether an element of undefined length has its delimiter (PS3.5 7.5 and A.4); others need none. */
function isEnded(element: Element, dataSet: DataSet): boolean {
  if (!element.hadUndefinedLength) return true;
  const hasTag = (offset: number, tag: number) => {
    const { byteArray, byteArrayParser } = dataSet;
    if (offset + 8 > byteArray.length) return false;
    return (
      byteArrayParser.readUint16(byteArray, offset) === 0xfffe &&
      byteArrayParser.readUint16(byteArray, offset + 2) === tag
    );
  };
  const end = element.dataOffset + element.length;
  // dicom-parser counts the delimiter as part of compressed pixels and of values that it does not know, but not of sequences.
  if (element.fragments) return hasTag(end - 8, 0xe0dd) && element.fragments.every(f => f.position + f.length <= end);
  const isSequence = hasTag(element.dataOffset, 0xe000) || hasTag(element.dataOffset, 0xe0dd);
  return isSequence ? hasTag(end, 0xe0dd) : hasTag(end - 8, 0xe00d);
}
