/** A DICOM time (TM, HHMMSS.F with or without its end) in seconds; NaN for anything else. */
export function secondsOfDay(time: string): number {
  const match = /^(\d{2}):?(\d{2})?:?(\d{2}(?:\.\d+)?)?$/.exec(time);
  if (!match) return Number.NaN;
  const [hours, minutes, seconds] = match.slice(1).map(part => Number(part ?? 0)) as [number, number, number];
  return hours * 3600 + minutes * 60 + seconds;
}

/** Start of a DICOM date (DA, YYYYMMDD) in seconds from 1970; NaN for anything else. */
export function secondsOfDate(date: string): number {
  const match = /^(\d{4})[.-]?(\d{2})[.-]?(\d{2})$/.exec(date);
  if (!match) return Number.NaN;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  return Date.UTC(year, month - 1, day) / 1000;
}

/** A DICOM date and time (DT, YYYYMMDDHHMMSS.F&ZZXX, at least to the second) in seconds from 1970; NaN for anything else. */
export function secondsOfDateTime(dateTime: string): number {
  const match = /^(\d{8})(\d{6}(?:\.\d+)?)(?:([+-])(\d{2})(\d{2}))?$/.exec(dateTime);
  if (!match) return Number.NaN;
  const [, date = '', time = '', sign, hours, minutes] = match;
  const offset = sign ? (Number(hours) * 3600 + Number(minutes) * 60) * (sign === '-' ? -1 : 1) : 0;
  return secondsOfDate(date) + secondsOfDay(time) - offset;
}
