/** What an image is instead of a slice, by the words that scanners and workstations put into ImageType. */
const NO_SLICES: readonly (readonly [what: string, words: RegExp])[] = [
  ['a localizer', /\b(LOCALI[SZ]ER|SCOUT|TOPOGRAM)\b/],
  [
    'a projection through several slices',
    /\b(MIP|MAX ?IP|MAXIMUM|MINIP|MIN ?IP|MNIP|MINIMUM|AIP|AVG|AVERAGE|MEAN|MEAN ?IP|PROJECTION)\b/,
  ],
];

/**
 * Whether an image is something else than a slice, in words; null for a slice.
 * @param imageType ImageType (0008,0008), several values joined by a backslash
 */
export function noSlice(imageType: string): string | null {
  const words = imageType.toUpperCase().replace(/[^A-Z0-9]+/g, ' ');
  return NO_SLICES.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
}
