import {
  type CalciumPayload,
  CORONARY_VESSELS,
  type Kind,
  MASK_MEDIA_TYPE,
  type MammographyPayload,
  PAYLOADS,
} from '@voxelwise/contract';
import fc from 'fast-check';
import type { Content } from './content.ts';

// Contents for tests, which the contract accepts.

export function calcium(agatstonByVessel: Partial<Record<'LM' | 'LAD' | 'LCX' | 'RCA', number>>): Content {
  const score = (agatston: number) => ({
    agatston,
    volumeMm3: agatston * 0.8,
    massMg: null,
    lesions: agatston > 0 ? 1 : 0,
  });
  const vessels = CORONARY_VESSELS.flatMap(vessel => {
    const agatston = agatstonByVessel[vessel];
    return agatston === undefined ? [] : [{ vessel, ...score(agatston) }];
  });
  const total = vessels.reduce((sum, { agatston }) => sum + agatston, 0);
  return { kind: 'calcium', payload: { ...score(total), vessels }, objects: [] };
}

/** A calcium score without vessels. */
export function calciumTotal(agatston: number): Content {
  const content = calcium({ LAD: agatston });
  return { ...content, payload: { ...(content.payload as CalciumPayload), vessels: [] } } as Content;
}

export function perfusion(coreVolumeMl: number | null, hypoperfusedVolumeMl: number | null): Content {
  return { kind: 'perfusion', payload: { maps: [], coreVolumeMl, hypoperfusedVolumeMl, regions: [] }, objects: [] };
}

export type Finding = MammographyPayload['findings'][number];

export function finding(
  left: number,
  top: number,
  right: number,
  bottom: number,
  change: Partial<Finding> = {},
): Finding {
  return {
    id: '00000000-0000-4000-8000-000000000000',
    sopInstanceUid: '1.2.3',
    type: 'mass',
    box: { left, top, right, bottom },
    suspicionScore: 0.5,
    ...change,
  };
}

export function mammography(findings: Finding[], change: Partial<MammographyPayload> = {}): Content {
  return { kind: 'mammography', payload: { findings, density: null, suggestedBiRads: null, ...change }, objects: [] };
}

/** Segments by number; each is the digest of its mask, or null for one without a mask. */
export function segmentation(masks: Record<number, string | null>): Content {
  const numbers = Object.keys(masks).map(Number);
  return {
    kind: 'segmentation',
    payload: {
      segments: numbers.map(number => ({
        number,
        code: { value: `T-${number}`, scheme: '99TEST', meaning: `Organ ${number}` },
        voxels: 100,
        volumeMm3: 100,
        ...(masks[number] === null ? {} : { mask: `mask-${number}` }),
      })),
    },
    objects: numbers.flatMap(number => {
      const sha256 = masks[number];
      return sha256 ? [{ name: `mask-${number}`, sha256, mediaType: MASK_MEDIA_TYPE }] : [];
    }),
  };
}

const amount = fc.oneof(
  fc.constant(0),
  fc.double({ min: 0, max: 5000, noNaN: true }),
  fc.integer({ min: 0, max: 400 }),
);

const calciumContent = fc
  .record({ LM: amount, LAD: amount, LCX: amount, RCA: amount }, { requiredKeys: [] })
  .map(calcium);
const perfusionContent = fc
  .tuple(fc.option(amount), fc.option(amount))
  .map(([core, hypoperfused]) => perfusion(core, hypoperfused));

// Few places, so that marks meet.
const place = fc.integer({ min: 0, max: 6 });
const findingContent = fc
  .record({
    left: place,
    top: place,
    width: fc.integer({ min: 1, max: 4 }),
    height: fc.integer({ min: 1, max: 4 }),
    sopInstanceUid: fc.constantFrom('1.2.3', '1.2.4'),
    type: fc.constantFrom('mass' as const, 'calcification' as const),
  })
  .map(({ left, top, width, height, ...rest }) => finding(left, top, left + width, top + height, rest));
const mammographyContent = fc
  .record({
    findings: fc.array(findingContent, { maxLength: 6 }),
    density: fc.constantFrom(null, 'a' as const, 'b' as const),
    suggestedBiRads: fc.constantFrom(null, '2' as const, '4A' as const),
  })
  .map(({ findings, ...rest }) => mammography(findings, rest));
const segmentationContent = fc
  .dictionary(fc.constantFrom('1', '2', '3'), fc.constantFrom(null, 'a'.repeat(64), 'b'.repeat(64)))
  .map(segmentation);

const CONTENTS: Record<Kind, fc.Arbitrary<Content>> = {
  calcium: calciumContent,
  perfusion: perfusionContent,
  mammography: mammographyContent,
  segmentation: segmentationContent,
};

/** Several contents of one kind, whichever kind. */
export function contentsOfOneKind(count: number): fc.Arbitrary<Content[]> {
  return fc
    .constantFrom(...(Object.keys(PAYLOADS) as Kind[]))
    .chain(kind => fc.array(CONTENTS[kind], { minLength: count, maxLength: count }));
}
