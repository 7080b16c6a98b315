import { type Code, codeOf } from './codes.ts';
import { DicomResultError } from './data-set.ts';
import { itemOf, itemsOf, type NaturalDataSet, numberOf, numbersOf, textOf } from './natural.ts';

// From the stored values of a parametric map to real world values (PS3.3 C.7.6.16.2.11).

/** What the values of a map mean; the same in all of its frames. */
export interface MapMeaning {
  readonly quantity: Code | null;
  readonly units: Code;
  readonly label: string;
  readonly explanation: string;
}

/** The functions of one frame. */
export interface FrameMapping {
  /** True where every stored value that has a meaning is a real world value already. */
  readonly isIdentity: boolean;
  /**
   * NaN for a stored value that no function is for.
   * @throws DicomResultError where functions contradict each other
   */
  toReal(stored: number): number;
}

/** A function for the stored values from first to last, both included. */
interface Piece {
  readonly first: number;
  readonly last: number;
  readonly isIdentity: boolean;
  readonly toReal: (stored: number) => number;
}

/**
 * The mappings of all frames. Every frame may have its own functions, and several for different ranges of stored values, but
 * they must all give the same quantity in the same units.
 * @param itemsOfFrame the items of a frame's RealWorldValueMappingSequence; the same list where frames share it
 * @throws DicomResultError where a frame has none, or frames or functions differ in what their values mean
 */
export function frameMappings(
  frameCount: number,
  itemsOfFrame: (frame: number) => readonly NaturalDataSet[],
): { readonly meaning: MapMeaning; readonly mappings: readonly FrameMapping[] } {
  const known = new Map<readonly NaturalDataSet[], FrameMapping>();
  const first = itemsOfFrame(0);
  const mappings = Array.from({ length: frameCount }, (_, frame) => {
    const items = itemsOfFrame(frame);
    const mapping = known.get(items) ?? frameMapping(items, frame);
    known.set(items, mapping);
    if (items !== first && keyOf(items) !== keyOf(first)) {
      throw new DicomResultError(
        `This parametric map holds several quantities (${nameOf(first)} in frame 1, ${nameOf(items)} in frame ${frame + 1}), and only one is read.`,
      );
    }
    return mapping;
  });
  return { meaning: meaningOf(first[0]!), mappings };
}

function frameMapping(items: readonly NaturalDataSet[], frame: number): FrameMapping {
  const [first] = items;
  if (!first)
    throw new DicomResultError(`Frame ${frame + 1} of this parametric map does not say what its values mean.`);
  for (const other of items) {
    if (quantityKey(other) === quantityKey(first)) continue;
    throw new DicomResultError(
      `Frame ${frame + 1} of this parametric map gives its values several meanings (${nameOf([first])} and ${nameOf([other])}), and only one is read.`,
    );
  }
  const pieces = items.map(pieceOf);
  return {
    isIdentity: pieces.every(piece => piece.isIdentity),
    toReal(stored) {
      let real = Number.NaN;
      for (const piece of pieces) {
        if (!(stored >= piece.first && stored <= piece.last)) continue;
        const value = piece.toReal(stored);
        if (!Number.isNaN(real) && value !== real) {
          throw new DicomResultError(
            `Frame ${frame + 1} of this parametric map says that the stored value ${stored} is ${real} and that it is ${value}; one of them is wrong.`,
          );
        }
        real = value;
      }
      return real;
    },
  };
}

function pieceOf(mapping: NaturalDataSet): Piece {
  const [first, last] = rangeOf(mapping);
  const table = numbersOf(mapping, 'RealWorldValueLUTData');
  const slope = numberOf(mapping, 'RealWorldValueSlope');
  const intercept = numberOf(mapping, 'RealWorldValueIntercept');
  const isLinear = Number.isFinite(slope) && Number.isFinite(intercept);
  if (isLinear === table.length > 0) {
    throw new DicomResultError(
      `This parametric map has ${isLinear ? 'both' : 'neither'} slope and intercept ${isLinear ? 'and' : 'nor'} a table for its stored values.`,
    );
  }
  if (isLinear) {
    const isIdentity = slope === 1 && intercept === 0;
    return { first, last, isIdentity, toReal: stored => (isIdentity ? stored : stored * slope + intercept) };
  }
  if (table.length !== last - first + 1) {
    throw new DicomResultError(
      `The table of this parametric map has ${table.length} values for the stored values ${first} to ${last}.`,
    );
  }
  return { first, last, isIdentity: false, toReal: stored => table[stored - first] ?? Number.NaN };
}

/** Which stored values a mapping is for: from the first to the last, both included. */
function rangeOf(mapping: NaturalDataSet): readonly [number, number] {
  const integers = [
    numberOf(mapping, 'RealWorldValueFirstValueMapped'),
    numberOf(mapping, 'RealWorldValueLastValueMapped'),
  ] as const;
  const doubles = [
    numberOf(mapping, 'DoubleFloatRealWorldValueFirstValueMapped'),
    numberOf(mapping, 'DoubleFloatRealWorldValueLastValueMapped'),
  ] as const;
  const given = [integers, doubles].filter(range => !range.every(Number.isNaN));
  const [range] = given;
  if (!range || given.some(other => other.some((value, end) => value !== range[end]))) {
    throw new DicomResultError('This parametric map does not say which of its stored values have a meaning.');
  }
  if (range[0] > range[1]) {
    throw new DicomResultError(
      `This parametric map says that its stored values from ${range[0]} to ${range[1]} have a meaning, which are none.`,
    );
  }
  return range;
}

function meaningOf(mapping: NaturalDataSet): MapMeaning {
  const units = codeOf(mapping, 'MeasurementUnitsCodeSequence');
  if (!units) throw new DicomResultError('This parametric map does not say in which units its values are.');
  const item = itemsOf(mapping, 'QuantityDefinitionSequence').find(one =>
    ['246205007', 'G-C1C6'].includes(codeOf(one, 'ConceptNameCodeSequence')?.value ?? ''),
  );
  return {
    quantity: item ? codeOf(item, 'ConceptCodeSequence') : null,
    units,
    label: textOf(mapping, 'LUTLabel'),
    explanation: textOf(mapping, 'LUTExplanation'),
  };
}

/** What tells the meaning of one mapping from that of another: units, quantity and methods; the label where they are not coded. */
function quantityKey(mapping: NaturalDataSet): string {
  const key = (code: Code | null) => code && [code.value, code.scheme];
  const definition = itemsOf(mapping, 'QuantityDefinitionSequence').map(item => [
    key(codeOf(item, 'ConceptNameCodeSequence')),
    key(codeOf(item, 'ConceptCodeSequence')) ?? textOf(item, 'TextValue') ?? '',
    numberOf(itemOf(item, 'MeasuredValueSequence'), 'NumericValue'),
  ]);
  const units = key(codeOf(mapping, 'MeasurementUnitsCodeSequence'));
  return JSON.stringify([units, definition.length > 0 ? definition : textOf(mapping, 'LUTLabel')]);
}

/** What tells one frame from another; their labels count too, which name the function and often the map. */
function keyOf(items: readonly NaturalDataSet[]): string {
  const labels = items.map(item => textOf(item, 'LUTLabel'));
  return JSON.stringify([items[0] && quantityKey(items[0]), [...new Set(labels)].sort()]);
}

function nameOf([mapping = {}]: readonly NaturalDataSet[]): string {
  const { quantity, units, label } = meaningOf(mapping);
  return [`"${label}"`, quantity?.meaning, `in ${units.value}`].filter(Boolean).join(' ');
}
