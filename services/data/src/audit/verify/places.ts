// What is known of one leaf, from three places: the audit row, the leaf in the database, the list outside.
import type { ListedLeaf } from '../tree-head.ts';
import type { Finding } from './findings.ts';
import { differingColumns, type EventRow, rowHash } from './rows.ts';

/** A leaf of which the three places do not say the same. */
export interface Place {
  leafIndex: number;
  leaf?: ListedLeaf;
  listed?: ListedLeaf;
  /** The file outside that lists it. */
  file?: string;
  /** The rows that the leaf and the list point to, which may be the same one. */
  rows: EventRow[];
}

/** The places that a history is taken from, where they differ. Each is believed until a signed root says otherwise. */
export const SOURCES = ['most', 'listed', 'leaf', 'row'] as const;
export type Source = (typeof SOURCES)[number];

/** No leaf: no signed root comes out of it. */
const NOTHING = Buffer.alloc(32);

/** The hash that a leaf has, if this source is to be believed. */
export function hashBy(source: Source, place: Place): Buffer {
  const rows = place.rows.map(rowHash);
  const { leaf, listed } = place;
  switch (source) {
    case 'most':
      return mostFrequent([leaf?.hash, listed?.hash, ...rows]) ?? NOTHING;
    case 'listed':
      return listed?.hash ?? leaf?.hash ?? rows[0] ?? NOTHING;
    case 'leaf':
      return leaf?.hash ?? listed?.hash ?? rows[0] ?? NOTHING;
    case 'row':
      return rows[0] ?? listed?.hash ?? leaf?.hash ?? NOTHING;
  }
}

function mostFrequent(hashes: (Buffer | undefined)[]): Buffer | undefined {
  let best: Buffer | undefined;
  let most = 0;
  for (const one of hashes) {
    const count = one ? hashes.filter(other => other?.equals(one)).length : 0;
    if (one && count > most) {
      best = one;
      most = count;
    }
  }
  return best;
}

/** What a place amounts to, once the right hash of its leaf is known. */
export interface Verdict {
  findings: Finding[];
  /** The row of this leaf, changed or not, if its number is known. */
  seq?: bigint;
  /** A row that the leaf in the database points to instead. */
  claimedSeq?: bigint;
  /** The row as it was sealed. */
  intact?: EventRow;
}

export interface VerdictOptions {
  /** Whether a signed root says what is right, or only most of the places. */
  proven: boolean;
  /** Leaves from here on are missing all together, which is said once. */
  databaseSize: number;
  /** Files outside whose hashes lead to their signed roots: where one differs, another history was signed, which is said once. */
  wholeFiles: ReadonlySet<string>;
}

/**
 * Says which of the three places was changed.
 * @param hash that the leaf has in truth
 */
export function judge(place: Place, hash: Buffer, { proven, databaseSize, wholeFiles }: VerdictOptions): Verdict {
  const { leafIndex, leaf, listed, rows, file } = place;
  const findings: Finding[] = [];
  const intact = rows.find(row => rowHash(row).equals(hash));
  const seq = intact?.seq ?? [listed, leaf].find(one => one?.hash.equals(hash))?.seq ?? listed?.seq ?? leaf?.seq;
  const doubt = proven ? '' : ' This follows from what most places say; no signed head proves it.';
  const named = seq === undefined ? {} : { seq: String(seq) };

  if (!intact) {
    const changed = rows.find(row => row.seq === seq);
    findings.push(changed ? changedRow(changed, leafIndex, doubt) : deletedRow(named.seq, leafIndex, doubt));
  }
  if (!leaf && leafIndex < databaseSize) {
    findings.push({
      kind: 'leaf-missing',
      ...named,
      leafIndex,
      sentence: `The audit leaf ${leafIndex} (row ${seq}) was deleted.${doubt}`,
    });
  }
  if (leaf && (!leaf.hash.equals(hash) || leaf.seq !== seq)) {
    const what = leaf.seq === seq ? 'its hash' : `the row it points to (${leaf.seq})`;
    findings.push({
      kind: 'leaf-changed',
      ...named,
      leafIndex,
      sentence: `The audit leaf ${leafIndex} (row ${seq}) was changed: ${what}.${doubt}`,
    });
  }
  // The hash says which number it belongs to.
  const listedRight = listed?.hash.equals(hash) ? listed.seq === seq : wholeFiles.has(file ?? '');
  if (listed && !listedRight) {
    findings.push({
      kind: 'outside-changed',
      ...named,
      leafIndex,
      ...(file !== undefined && { file }),
      sentence: `The file ${file} outside the database was changed: what it lists as leaf ${leafIndex}.${doubt}`,
    });
  }
  return {
    findings,
    ...(seq !== undefined && { seq }),
    ...(leaf && leaf.seq !== seq && { claimedSeq: leaf.seq }),
    ...(intact && { intact }),
  };
}

function changedRow(row: EventRow, leafIndex: number, doubt: string): Finding {
  const columns = differingColumns(row);
  const differing = columns.length > 0 ? ` Its columns differ from its event: ${columns.join(', ')}.` : '';
  return {
    kind: 'row-changed',
    seq: String(row.seq),
    eventId: row.id,
    leafIndex,
    ...(columns.length > 0 && { columns }),
    sentence: `The audit row ${row.seq} (event ${row.id}, leaf ${leafIndex}) was changed after it was sealed.${differing}${doubt}`,
  };
}

function deletedRow(seq: string | undefined, leafIndex: number, doubt: string): Finding {
  return {
    kind: 'row-deleted',
    ...(seq !== undefined && { seq }),
    leafIndex,
    sentence: `The audit row ${seq ?? 'of unknown number'} (leaf ${leafIndex}) was deleted after it was sealed.${doubt}`,
  };
}

/** What is wrong with the columns of a row whose event is as it was sealed, or is not sealed yet. */
export function columnFinding(row: EventRow): Finding | undefined {
  const columns = differingColumns(row);
  if (columns.length === 0) return undefined;
  return {
    kind: 'column-differs',
    seq: String(row.seq),
    eventId: row.id,
    columns,
    sentence: `The audit row ${row.seq} (event ${row.id}) was changed: ${columns.join(', ')} differ${columns.length === 1 ? 's' : ''} from its event.`,
  };
}
