import { firstDifference, forSeeds, integer, randomInt16Volume } from '../../testing/random.ts';
import { gpuLabelsKernel, type LabeledRuns } from './index.ts';
import { LabelImageReader } from './label-image.ts';
import { OUTSIDE } from './shaders.ts';

test('reads runs and labels out of label images, however slices are batched', async () => {
  await forSeeds(20, async random => {
    const [nx, ny, nz] = [integer(random, 1, 40), integer(random, 1, 20), integer(random, 1, 4)] as const;
    const volume = randomInt16Volume(random, [nx, ny, nz], random(), 130);
    const { runs, labels } = (await gpuLabelsKernel.producers.ts.run(volume, {
      threshold: 130,
      connectivity: 8,
    })) as LabeledRuns;

    const slicesPerBatch = integer(random, 1, nz);
    const reader = new LabelImageReader(nx, ny * nz, OUTSIDE);
    for (let slice = 0; slice < nz; slice += slicesPerBatch) {
      const rows = Math.min(slicesPerBatch, nz - slice) * ny;
      const image = new Float32Array(rows * nx).fill(OUTSIDE);
      const firstPixel = new Map<number, number>();
      for (let row = 0; row < rows; row++) {
        const volumeRow = slice * ny + row;
        for (let run = runs.rowStart[volumeRow]!; run < runs.rowStart[volumeRow + 1]!; run++) {
          const component = labels.label[run]!;
          if (!firstPixel.has(component)) firstPixel.set(component, row * nx + runs.start[run]!);
          image.fill(firstPixel.get(component)! + 1, row * nx + runs.start[run]!, row * nx + runs.end[run]!);
        }
      }
      reader.append(image);
    }
    const result = reader.result();
    expect(result.runs).toEqual(runs);
    expect(result.labels.count).toBe(labels.count);
    expect(firstDifference(result.labels.label, labels.label)).toBe(-1);
  });
});

test('slices with more pixels than float32 can number are refused', () => {
  const unavailable = (dimensions: readonly [number, number, number]) =>
    gpuLabelsKernel.producers.webgl2!.unavailable!(
      { voxels: new Int16Array(0), dimensions },
      { threshold: 130, connectivity: 8 },
    );
  expect(unavailable([4097, 4096, 1])).toBe(
    'slices of 4097 x 4096 pixels are larger than labels in float32 can count (2^24)',
  );
  expect(unavailable([4096, 4096, 1])).toBe('this runtime has no WebGL2');
});
