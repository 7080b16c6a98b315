/** A moment as readers write it. @param moment ISO text, or ms since 1970 */
export function timeText(moment: string | number | Date): string {
  return new Date(moment).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}
