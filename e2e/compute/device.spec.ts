import { expect, test } from './compute-test.ts';

const NOTHING = { textures: 0, buffers: 0, programs: 0, framebuffers: 0, bytes: 0 };

test('a volume is uploaded once, and 50 runs leave nothing behind', async ({ computing }) => {
  const { first, fifty, idle, uploads } = await computing.evaluate(() => computePage.countersOverRuns());
  expect(first).toMatchObject({ textures: 2, buffers: 1, programs: 1, framebuffers: 1 });
  expect(fifty).toEqual(first);
  expect(idle).toEqual(NOTHING);
  expect(uploads[0]).toBeGreaterThan(0);
  expect(uploads.slice(1)).toEqual(Array.from({ length: 50 }, () => 0));
});

test('a run reports its device and where its time went', async ({ computing }) => {
  const report = await computing.evaluate(() => computePage.reportOfRun());
  expect(report).toMatchObject({ producer: 'webgl2', notes: [] });
  expect(report.deviceName).toBeTruthy();
  expect(report.deviceName).not.toBe('CPU');
  const { uploadMs = -1, computeMs = -1, readbackMs = -1, milliseconds } = report;
  for (const part of [uploadMs, computeMs, readbackMs]) expect(part).toBeGreaterThanOrEqual(0);
  expect(uploadMs + computeMs + readbackMs).toBeLessThanOrEqual(milliseconds + 0.1);
});

test('requests beyond the limits are refused with a sentence and leave nothing behind', async ({ computing }) => {
  const { atOnce, wide, deep, counters, error } = await computing.evaluate(() => computePage.refusedRequests());
  expect(atOnce).toBe(
    'BudgetExceededError: 3.0 GiB of GPU memory are needed beside 0 bytes in use, but the limit is 2.0 GiB',
  );
  expect(wide).toMatch(
    /^TextureLimitError: a RGBA32UI texture of 1048576 x 8192 is needed, but this GPU has at most \d+ x \d+$/,
  );
  expect(deep).toMatch(/^TextureLimitError: \d+ texture layers are needed, but this GPU has at most \d+$/);
  expect(counters).toEqual(NOTHING);
  expect(error).toBe(0);
});

test('what is kept stays within the budget; an operation may go beyond it, up to the limit', async ({ computing }) => {
  const KIB = 1024;
  const { peaks, kept, refused, after, error } = await computing.evaluate(() => computePage.evictions());
  expect(peaks).toEqual([768 * KIB, 1023 * KIB, 1536 * KIB, 1024 * KIB]);
  expect(kept).toEqual([768 * KIB, 1023 * KIB, 1024 * KIB, 1024 * KIB]);
  expect(refused).toContain('BudgetExceededError: 1 MiB of GPU memory are needed beside 1 MiB in use');
  expect(after).toBe(1024 * KIB);
  expect(error).toBe(0);
});

test('resident volumes give way to one another, and none is taken from under an operation', async ({ computing }) => {
  const { uploads, bytes, shared, counters } = await computing.evaluate(() => computePage.residentsTakeTurns());
  expect(uploads).toEqual([0, 1, 2, 0]);
  expect(new Set(bytes)).toEqual(new Set([768 * 1024]));
  expect(shared).toBe(false);
  expect(counters).toEqual(NOTHING);
});

test('a shader that does not compile is shown with the line, and is not kept', async ({ computing }) => {
  const { compile, link, programs, fine, error } = await computing.evaluate(() => computePage.shaderErrors());
  expect(compile).toContain('ShaderError: the fragment shader does not compile');
  expect(compile).toContain('> 5 |   color = vec4(undefinedName);');
  expect(link).toContain('ShaderError: the shaders do not link');
  expect(programs).toBe(0);
  expect(fine).toBe('no error');
  expect(error).toBe(0);
});

test('uniforms are set by the type that the shader declares; others are refused', async ({ computing }) => {
  const { read, set } = await computing.evaluate(() => computePage.uniformsOfEveryType());
  expect(read).toEqual(set);
  const { unknownType, unknownName } = await computing.evaluate(() => computePage.uniformsThatCannotBeSet());
  expect(unknownType).toBe('ShaderError: the uniform flag has a type (0x8b56) that cannot be set');
  expect(unknownName).toBe('Error: the shader has no uniform named sise, or does not use it');
});

for (const [format, bytesPerTexel] of [
  ['R16I', 2],
  ['RGBA16I', 8],
  ['R32F', 4],
  ['RGBA32F', 16],
  ['RGBA32I', 16],
  ['RGBA32UI', 16],
  ['R8UI', 1],
] as const) {
  test(`${format}: texels are uploaded, drawn and read back as they were`, async ({ computing }) => {
    const { count, firstDifference, bytes } = await computing.evaluate(by => computePage.formatRoundTrip(by), format);
    expect(firstDifference).toBe(-1);
    expect(count).toBeGreaterThan(500);
    expect(bytes).toBe(33 * 17 * bytesPerTexel);
  });
}

test('a destroyed device holds nothing and says so', async ({ computing }) => {
  const { counters, operate } = await computing.evaluate(() => computePage.destroyed());
  expect(counters).toEqual(NOTHING);
  expect(operate).toBe('DeviceUnavailableError: the GPU device was closed');
});
