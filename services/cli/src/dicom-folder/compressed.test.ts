import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type StoredVolume, storedVolume, temporaryFolders, writeSeries } from '../testing/ct-series.test-support.ts';
import { refusalOf } from '../testing/run.test-support.ts';
import { decodeRle } from './decode-rle.ts';
import { loadSeries } from './load-series.ts';

const newFolder = temporaryFolders();

/** Slices with a gradient, noise over the whole range, and flat parts. */
function noisyVolume(): StoredVolume {
  const volume = storedVolume(3, 40, 33);
  let seed = 1;
  const random = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
  for (const [z, slice] of volume.entries()) {
    for (const [y, row] of slice.entries()) {
      for (let x = 0; x < row.length; x++) {
        if (y < 10) row[x] = Math.floor(random() * 4096) - 1024;
        else if (y < 30) row[x] = x * 20 + y - 500 + z;
      }
    }
  }
  return volume;
}

const hasDcmtk = (() => {
  try {
    execFileSync('dcmcjpeg', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    if (process.env.CI) throw new Error('CI is set, but dcmtk (dcmcjpeg, dcmcjpls, dcmcrle) is not installed.');
    console.warn('Skipped: compressed syntaxes against dcmtk, which is not installed.');
    return false;
  }
})();

/** The same series, compressed by a dcmtk tool. */
function compress(source: string, tool: string, ...options: string[]): string {
  const target = newFolder();
  for (const file of readdirSync(source)) {
    execFileSync(tool, [...options, join(source, file), join(target, file)], { stdio: 'pipe' });
  }
  return target;
}

(hasDcmtk ? describe : describe.skip)('series that dcmtk compressed', () => {
  const stored = noisyVolume();
  test.each([
    ['RLE', 'dcmcrle', [], '1.2.840.10008.1.2.5'],
    ['JPEG Lossless, first predictor', 'dcmcjpeg', ['+e1'], '1.2.840.10008.1.2.4.70'],
    ['JPEG Lossless, process 14 with predictor 1', 'dcmcjpeg', ['+el', '+sv', '1'], '1.2.840.10008.1.2.4.57'],
    ['JPEG-LS', 'dcmcjpls', [], '1.2.840.10008.1.2.4.80'],
  ])('%s decodes to the same voxels', async (_, tool, options, uid) => {
    const folder = compress(writeSeries(newFolder(), { stored }), tool, ...options);
    expect(readFileSync(join(folder, 'image-000')).includes(uid)).toBe(true);
    expect((await loadSeries(folder)).volume.voxels).toEqual(Int16Array.from(stored.flat(2)));
  });

  test.each(['2', '3', '4', '5', '6', '7'])('predictor %s of JPEG Lossless is refused', async predictor => {
    const folder = compress(writeSeries(newFolder(), { stored }), 'dcmcjpeg', '+el', '+sv', predictor);
    expect(await refusalOf(folder)).toMatch(`predictor ${predictor} of JPEG Lossless`);
  });

  test.each([
    ['dcmcrle', []],
    ['dcmcjpeg', ['+e1']],
    ['dcmcjpls', []],
  ])('a file of %s that was cut off is refused, never read as zeros', async (tool, options) => {
    const folder = compress(writeSeries(newFolder(), { stored }), tool, ...options);
    for (const cut of [8, 10, 100, 500]) {
      const file = join(folder, 'image-001');
      truncateSync(file, readFileSync(file).length - cut);
      expect(await refusalOf(folder)).toMatch(/image-001/);
    }
  });

  test.each([
    ['dcmcrle', []],
    ['dcmcjpeg', ['+e1']],
    ['dcmcjpls', []],
  ])('a whole file of %s around a frame that was cut off is refused', async (tool, options) => {
    const folder = compress(writeSeries(newFolder(), { stored }), tool, ...options);
    const file = join(folder, 'image-001');
    const bytes = readFileSync(file);
    // The sequence delimiter is the last element; the frame's item is shortened by 200 bytes, its length corrected.
    const delimiter = bytes.subarray(bytes.length - 8);
    const item = bytes.lastIndexOf(Buffer.from('feff00e0', 'hex'));
    const length = bytes.readUInt32LE(item + 4) - 200;
    const header = Buffer.from(bytes.subarray(item, item + 8));
    header.writeUInt32LE(length, 4);
    const frame = bytes.subarray(item + 8, item + 8 + length);
    writeFileSync(file, Buffer.concat([bytes.subarray(0, item), header, frame, delimiter]));
    expect(await refusalOf(folder)).toMatch(/image-001 .*cannot be read/);
  });
});

test('JPEG 2000 decodes to the same voxels, and its codec prints nothing on stdout', async () => {
  // The encoder below starts the codec in this process, which then prints here; the program is run on its own for that.
  const printed = jest.spyOn(console, 'log').mockImplementation(() => {});
  const { default: codec } = (await import('@cornerstonejs/dicom-codec')) as unknown as {
    default: { encode(frame: Buffer, info: object, uid: string, options: object): Promise<{ imageFrame: Uint8Array }> };
  };
  const uid = '1.2.840.10008.1.2.4.90';
  const stored = noisyVolume();
  const [rows, columns] = [40, 33];
  const info = { rows, columns, bitsAllocated: 16, samplesPerPixel: 1, signed: true, pixelRepresentation: 1 };
  const frames: Buffer[] = [];
  for (const slice of stored) {
    const raw = Buffer.from(Int16Array.from(slice.flat()).buffer);
    const { imageFrame } = await codec.encode(raw, info, uid, {});
    frames.push(Buffer.from(imageFrame));
  }
  const inFrames = (cut: number) =>
    writeSeries(newFolder(), {
      stored,
      transferSyntaxUid: uid,
      // Two fragments: together they are one frame.
      changesOf: slice => {
        const frame = frames[slice]!.subarray(0, frames[slice]!.length - cut);
        return { '7fe00010': ['OB', [frame.subarray(0, 64), frame.subarray(64)]] };
      },
    });
  expect((await loadSeries(inFrames(0))).volume.voxels).toEqual(Int16Array.from(stored.flat(2)));
  expect(await refusalOf(inFrames(200))).toMatch(/image-000 .*cut off/);
  printed.mockRestore();

  const program = join(__dirname, '../../bin/voxelwise.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'calcium', inFrames(0), '--json'], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ series: { slices: 3 } });
});

describe('decodeRle', () => {
  const frame = (high: number[], low: number[]): Uint8Array => {
    const header = Buffer.alloc(64);
    header.writeUInt32LE(2, 0);
    header.writeUInt32LE(64, 4);
    header.writeUInt32LE(64 + high.length, 8);
    return Buffer.concat([header, Buffer.from(high), Buffer.from(low)]);
  };

  test('runs, literals and the byte that means nothing', () => {
    const bytes = decodeRle(frame([253, 1], [128, 1, 7, 8, 255, 9]), 4, 2);
    expect([...bytes]).toEqual([7, 1, 8, 1, 9, 1, 9, 1]);
  });

  test.each([
    ['too short', [253, 1], [1, 7, 8]],
    ['too long', [252, 1], [253, 1]],
    ['cut in a literal', [253, 1], [3, 7, 8]],
    ['cut in a run', [253, 1], [253]],
  ])('a segment that is %s throws', (_, high, low) => {
    expect(() => decodeRle(frame(high, low), 4, 2)).toThrow(/RLE segment/);
  });

  test('a header that is cut off, another number of segments, an offset outside', () => {
    expect(() => decodeRle(new Uint8Array(10), 4, 2)).toThrow(/header/);
    expect(() => decodeRle(frame([253, 1], [253, 1]), 4, 1)).toThrow(/2 RLE segments instead of 1/);
    const bad = Buffer.from(frame([253, 1], [253, 1]));
    bad.writeUInt32LE(5000, 8);
    expect(() => decodeRle(bad, 4, 2)).toThrow(/outside/);
  });
});
