import * as z from 'zod';

/** A DICOM unique identifier (PS3.5 section 9). */
export const uidSchema = z
  .string()
  .max(64)
  .regex(/^(0|[1-9]\d*)(\.(0|[1-9]\d*))+$/)
  .meta({ id: 'Uid', description: 'DICOM UID: numbers joined by dots, at most 64 characters' });

/** Ids of records are UUIDs that the client chooses, so that a repeated delivery is recognized. */
export const recordIdSchema = z
  .uuid()
  .lowercase()
  .meta({ id: 'RecordId', format: 'uuid', description: 'UUID in lower case, chosen by the client' });

export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ id: 'Sha256', description: 'SHA-256, 64 hexadecimal digits in lower case' });

/** A word that programs compare: names of sites, kinds, producers, maps. Never a person's name. */
export const tokenSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
  .meta({ id: 'Token', description: 'Letters, digits, dots, underscores and hyphens; at most 64' });

/** Short printable text of programs: names and versions of software and devices. Not for anything about a person. */
export const labelSchema = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x20-\x7e]+$/)
  .meta({ id: 'Label', description: 'Printable ASCII, at most 200 characters; nothing about a person' });

/** Half a surrogate pair has no UTF-8, and PostgreSQL has no place for NUL: neither would come back as it was sent. */
const isUnicodeText = (text: string) => text.isWellFormed() && !text.includes('\0');
const unicodeText = { error: 'holds NUL or half of a surrogate pair' };

/** What people write. It is sealed before it is stored, and never logged. */
export const freeTextSchema = z
  .string()
  .trim()
  .min(1)
  .max(4000)
  .refine(isUnicodeText, unicodeText)
  .meta({ id: 'FreeText', description: 'Free text, at most 4000 characters; sealed before it is stored' });

/** An identifier of a patient or an examination, as DICOM's LO and SH hold it. It is never stored, only its pseudonym. */
export const identifierSchema = z.string().trim().min(1).max(64).refine(isUnicodeText, unicodeText);

/** Years that JavaScript, PostgreSQL and Python all understand; of a moment the year in UTC, in which it is given out again. */
function hasUsualYear(text: string): boolean {
  const year = new Date(text).getUTCFullYear();
  return year >= 1900 && year <= 2999;
}
const usualYear = { error: 'is not between the years 1900 and 2999' };

export const momentSchema = z.iso
  .datetime({ offset: true })
  .refine(hasUsualYear, usualYear)
  .meta({ id: 'Moment', description: 'ISO 8601 date and time with its offset, of the years 1900 to 2999' });

export const dateSchema = z.iso
  .date()
  .refine(hasUsualYear, usualYear)
  .meta({ id: 'CalendarDate', description: 'ISO 8601 date, of the years 1900 to 2999' });

export const siteSchema = tokenSchema.meta({ id: 'Site', description: 'The site, as in the claim `sites` of a token' });

export const finiteSchema = z.number();

/** Names and values that say how a number came about: what a reader is shown beside it. */
export const conventionsSchema = z
  .record(
    z.string().regex(/^[a-zA-Z][a-zA-Z0-9]{0,63}$/),
    z.union([labelSchema, finiteSchema, z.boolean(), z.array(finiteSchema).max(64)]),
  )
  .refine(record => Object.keys(record).length <= 64, { error: 'has more than 64 entries' })
  .meta({ id: 'Conventions', description: 'How the numbers came about: at most 64 names with values' });
