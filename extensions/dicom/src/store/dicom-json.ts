// What is read of the DICOM JSON model (PS3.18 annex F).

/** Elements by tag: eight upper-case hexadecimal digits. */
export type JsonDataset = Readonly<Record<string, { readonly Value?: readonly unknown[] } | undefined>>;

/** The data sets of a body, one or a list; null when it is not JSON of that form. */
export function parseDatasets(bytes: Uint8Array): JsonDataset[] | null {
  try {
    const datasets: unknown[] = [JSON.parse(new TextDecoder().decode(bytes))].flat();
    return datasets.every(isDataset) ? datasets : null;
  } catch {
    return null;
  }
}

/** The items of a sequence. */
export function itemsOf(dataset: JsonDataset, tag: string): JsonDataset[] {
  return (dataset[tag]?.Value ?? []).filter(isDataset);
}

/** The first value of an element as text, or an empty string. */
export function textOf(dataset: JsonDataset, tag: string): string {
  return String(dataset[tag]?.Value?.[0] ?? '');
}

/** The first value of an element as a number; undefined when there is none. */
export function numberOf(dataset: JsonDataset, tag: string): number | undefined {
  const text = textOf(dataset, tag);
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

function isDataset(value: unknown): value is JsonDataset {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
