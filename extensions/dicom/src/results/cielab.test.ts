import { cieLabOf } from './cielab.ts';

// Lab of sRGB under D50 as colour management prints it, scaled by PS3.3 C.10.7.1.1.
test.each([
  ['white', [255, 255, 255], [100, 0, 0]],
  ['black', [0, 0, 0], [0, 0, 0]],
  ['grey', [119, 119, 119], [50.03, 0, 0]],
  ['red', [255, 0, 0], [54.29, 80.81, 69.89]],
  ['green', [0, 255, 0], [87.82, -79.29, 80.99]],
  ['blue', [0, 0, 255], [29.57, 68.3, -112.03]],
] as const)('%s', (_, rgb, [l, a, b]) => {
  const stored = cieLabOf(rgb);
  const decoded = [(stored[0] / 65535) * 100, (stored[1] / 65535) * 255 - 128, (stored[2] / 65535) * 255 - 128];
  decoded.forEach((value, index) => {
    expect(Math.abs(value - [l, a, b][index]!)).toBeLessThan(0.05);
  });
});
