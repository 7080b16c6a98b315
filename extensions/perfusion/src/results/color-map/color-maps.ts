import { COLOR_TABLES } from './color-tables.ts';

/** The color maps that a reader can choose, the default first. */
export const COLOR_MAPS = ['viridis', 'plasma', 'inferno', 'magma', 'cividis', 'turbo', 'rainbow', 'gray'] as const;

export type ColorMapName = (typeof COLOR_MAPS)[number];

/** Names for people. */
export const COLOR_MAP_LABELS: Readonly<Record<ColorMapName, string>> = {
  viridis: 'Viridis',
  plasma: 'Plasma',
  inferno: 'Inferno',
  magma: 'Magma',
  cividis: 'Cividis',
  turbo: 'Turbo',
  rainbow: 'Perfusion rainbow',
  gray: 'Gray',
};

export const DEFAULT_COLOR_MAP: ColorMapName = 'viridis';

/** Colors of a map. */
export const COLORS = 256;

/**
 * Where the colors of the rainbow lie, from 0 to 1, with straight lines between them: black over blue, cyan, green and yellow to
 * red, as consoles have long shown perfusion. Its steps look larger than they are, so it is not the default.
 */
const RAINBOW: readonly (readonly [position: number, red: number, green: number, blue: number])[] = [
  [0, 0, 0, 0],
  [0.1, 0, 0, 128],
  [0.25, 0, 0, 255],
  [0.4, 0, 255, 255],
  [0.55, 0, 255, 0],
  [0.75, 255, 255, 0],
  [1, 255, 0, 0],
];

const bytes = new Map<ColorMapName, Uint8Array>();

/** Red, green and blue of the 256 colors of a map, 0 to 255 each, from the lowest value to the highest. Not to be written to. */
export function colorBytes(name: ColorMapName): Uint8Array {
  const known = bytes.get(name);
  if (known) return known;
  const made = name === 'gray' ? grayBytes() : name === 'rainbow' ? rainbowBytes() : bytesOf(COLOR_TABLES[name]);
  bytes.set(name, made);
  return made;
}

function bytesOf(hexadecimal: string): Uint8Array {
  return Uint8Array.from({ length: hexadecimal.length / 2 }, (_, index) =>
    Number.parseInt(hexadecimal.slice(2 * index, 2 * index + 2), 16),
  );
}

function grayBytes(): Uint8Array {
  return Uint8Array.from({ length: COLORS * 3 }, (_, index) => Math.floor(index / 3));
}

function rainbowBytes(): Uint8Array {
  const made = new Uint8Array(COLORS * 3);
  for (let color = 0; color < COLORS; color++) {
    const position = color / (COLORS - 1);
    const above = Math.max(
      1,
      RAINBOW.findIndex(([at]) => at >= position),
    );
    const [from, ...low] = RAINBOW[above - 1]!;
    const [to, ...high] = RAINBOW[above]!;
    const part = (position - from) / (to - from);
    for (let channel = 0; channel < 3; channel++) {
      made[color * 3 + channel] = Math.round(low[channel]! + part * (high[channel]! - low[channel]!));
    }
  }
  return made;
}
