/** Values of a decimal string (VR DS or IS), or null when one of them is not a finite number. */
export function parseDecimals(text: string): number[] | null {
  const parts = text.split('\\').map(part => part.trim());
  if (!parts.every(part => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(part))) return null;
  const values = parts.map(Number);
  return values.every(Number.isFinite) ? values : null;
}

/** The single value of a decimal string, or null. */
export function parseDecimal(text: string): number | null {
  const values = parseDecimals(text);
  return values?.length === 1 ? values[0]! : null;
}
