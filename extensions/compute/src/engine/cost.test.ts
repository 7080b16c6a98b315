import { correctedBy, costOf, predictMs, type TimedRun } from './cost.ts';

const MEGABYTE = 1e6;
const onProcessor = (megabytes: number, runMs: number): TimedRun => ({
  bytes: megabytes * MEGABYTE,
  runMs,
  uploadMs: 0,
  deviceMs: null,
  onDevice: false,
});
const onDevice = (megabytes: number, runMs: number, uploadMs: number, deviceMs: number | null): TimedRun => ({
  bytes: megabytes * MEGABYTE,
  runMs,
  uploadMs,
  deviceMs,
  onDevice: true,
});

describe('the cost of a producer on the processor', () => {
  test('is a line through a small and a large run', () => {
    const cost = costOf(onProcessor(1, 3), onProcessor(4, 6));
    expect(cost).toEqual({ fixedMs: 2, msPerMegabyte: 1, uploadMsPerMegabyte: 0 });
    expect(predictMs(cost, 100 * MEGABYTE)).toBe(102);
  });

  test('is all fixed where the larger run was not slower', () => {
    expect(costOf(onProcessor(1, 3), onProcessor(4, 2))).toMatchObject({ fixedMs: 2, msPerMegabyte: 0 });
  });

  test('is all growing where the small run was faster than in proportion, or is the only one', () => {
    expect(costOf(onProcessor(1, 0.1), onProcessor(4, 8))).toMatchObject({ fixedMs: 0, msPerMegabyte: 2 });
    expect(costOf(onProcessor(4, 8), onProcessor(4, 8))).toMatchObject({ fixedMs: 0, msPerMegabyte: 2 });
  });
});

describe('the cost of a producer on a device', () => {
  test('grows with what its clock counts; waiting does not grow', () => {
    const cost = costOf(onDevice(1, 5, 4, 0.5), onDevice(4, 8, 6, 2));
    expect(cost).toEqual({ fixedMs: 6, msPerMegabyte: 0.5, uploadMsPerMegabyte: 0 });
  });

  test('has copying and uploading in it, where they take longer than waiting could', () => {
    const cost = costOf(onDevice(1, 5, 4, 1), onDevice(5, 25, 24, 5));
    expect(cost).toMatchObject({ msPerMegabyte: 1 + 4, uploadMsPerMegabyte: 5 });
  });

  test('without a clock grows only by what is longer than waiting', () => {
    expect(costOf(onDevice(1, 5, 0, null), onDevice(4, 8, 0, null))).toMatchObject({ fixedMs: 8, msPerMegabyte: 0 });
    expect(costOf(onDevice(1, 5, 0, null), onDevice(4, 17, 0, null))).toMatchObject({ fixedMs: 1, msPerMegabyte: 4 });
  });

  test('after a single run is what its clock counts, and the rest is fixed', () => {
    const run = onDevice(2, 7, 4, 1);
    expect(costOf(run, run)).toEqual({ fixedMs: 6, msPerMegabyte: 0.5, uploadMsPerMegabyte: 0 });
  });

  test('shares an upload between four runs', () => {
    const cost = { fixedMs: 0, msPerMegabyte: 1, uploadMsPerMegabyte: 4 };
    expect(predictMs(cost, 10 * MEGABYTE)).toBe(10 + 10);
  });
});

test('a real run corrects the cost; a resident volume says nothing about uploads', () => {
  const cost = { fixedMs: 2, msPerMegabyte: 1, uploadMsPerMegabyte: 1 };
  const real = (runMs: number, uploadMs: number) => ({ bytes: 100 * MEGABYTE, runMs, uploadMs });
  expect(correctedBy(cost, real(52, 0))).toEqual({ fixedMs: 2, msPerMegabyte: 0.5, uploadMsPerMegabyte: 1 });
  expect(correctedBy(cost, real(52, 300)).uploadMsPerMegabyte).toBe(3);
  expect(correctedBy(cost, real(1, 0))).toMatchObject({ fixedMs: 1, msPerMegabyte: 0 });
});
