const FIRST_MS = 2_000;
const LONGEST_MS = 5 * 60_000;

/**
 * How long to wait after so many failures in a row: twice as long each time, and by chance up to half of it less, so that the
 * browsers of a hospital do not all come back at once when its service does.
 * @param random in [0, 1)
 */
export function backOffMs(failures: number, random = Math.random()): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return longest * (1 - random / 2);
}
