/** Colours as DICOM stores them: CIELab of the profile connection space (D50), 0 to 65535 each (PS3.3 C.10.7.1.1). */
export type CieLab = readonly [number, number, number];
/** [red, green, blue] of sRGB, 0 to 255 each. */
export type Rgb = readonly [number, number, number];

/** sRGB to XYZ, adapted to D50 by Bradford (IEC 61966-2-1 and ICC.1). */
const TO_XYZ = [
  [0.4360747, 0.3850649, 0.1430804],
  [0.2225045, 0.7168786, 0.0606169],
  [0.0139322, 0.0971045, 0.7141733],
] as const;
const D50 = [0.9642, 1, 0.8249] as const;

/** CIELab of a screen colour. */
export function cieLabOf(rgb: Rgb): CieLab {
  const linear = rgb.map(value => {
    const v = value / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  const [fx, fy, fz] = TO_XYZ.map((row, axis) => {
    const xyz = row.reduce((sum, weight, channel) => sum + weight * linear[channel]!, 0);
    const t = xyz / D50[axis]!;
    return t > 216 / 24389 ? Math.cbrt(t) : (24389 / 27 / 116) * t + 16 / 116;
  }) as [number, number, number];
  const word = (value: number, lowest: number, range: number) =>
    Math.max(0, Math.min(65535, Math.round(((value - lowest) / range) * 65535)));
  return [word(116 * fy - 16, 0, 100), word(500 * (fx - fy), -128, 255), word(200 * (fy - fz), -128, 255)];
}
