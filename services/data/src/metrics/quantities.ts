import type { Kind, MammographyPayload, SegmentationPayload } from '@voxelwise/contract';
import type { Content } from '../truth/content.ts';

/** A number that a payload says, compared between a prediction and its ground truth. */
export interface Quantity {
  readonly kind: Kind;
  readonly name: string;
  /** UCUM; 1 for a plain number. */
  readonly unit: string;
  /** Of a payload of the kind. Null where it does not say it. */
  readonly of: (payload: Content['payload']) => number | null;
  /** The same of a JSONB expression, as float8. */
  readonly sql: (payload: string) => string;
}

const field = (kind: Kind, name: string, unit: string): Quantity => ({
  kind,
  name,
  unit,
  of: payload => (payload as unknown as Record<string, number | null>)[name] ?? null,
  sql: payload => `(${payload}->>'${name}')::float8`,
});

export const QUANTITIES: readonly Quantity[] = [
  field('calcium', 'agatston', '1'),
  field('calcium', 'volumeMm3', 'mm3'),
  field('calcium', 'massMg', 'mg'),
  field('perfusion', 'coreVolumeMl', 'mL'),
  field('perfusion', 'hypoperfusedVolumeMl', 'mL'),
  {
    kind: 'mammography',
    name: 'findings',
    unit: '1',
    of: payload => (payload as MammographyPayload).findings.length,
    sql: payload => `jsonb_array_length(${payload}->'findings')::float8`,
  },
  {
    kind: 'segmentation',
    name: 'segmentedVolumeMm3',
    unit: 'mm3',
    of: payload => (payload as SegmentationPayload).segments.reduce((sum, { volumeMm3 }) => sum + volumeMm3, 0),
    sql: payload =>
      `CASE WHEN ${payload}->'segments' IS NOT NULL THEN
        (SELECT coalesce(sum((segment->>'volumeMm3')::float8), 0) FROM jsonb_array_elements(${payload}->'segments') AS segment) END`,
  },
];

/** The part of a payload that `sql` needs: what is sent to the database for a truth that is not stored there. */
export function quantitiesPayload(kind: Kind, payload: Content['payload'] | null): unknown {
  if (payload === null) return null;
  const content = { kind, payload, objects: [] } as unknown as Content;
  switch (content.kind) {
    case 'calcium':
    case 'perfusion': {
      const names = QUANTITIES.filter(quantity => quantity.kind === kind).map(({ name }) => name);
      return Object.fromEntries(Object.entries(content.payload).filter(([name]) => names.includes(name)));
    }
    case 'mammography':
      return { findings: content.payload.findings.map(() => 0) };
    case 'segmentation':
      return { segments: content.payload.segments.map(({ volumeMm3 }) => ({ volumeMm3 })) };
  }
}
