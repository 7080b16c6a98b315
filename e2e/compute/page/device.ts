import { runKernel } from '../../../extensions/compute/src/engine/run-kernel.ts';
import { thresholdMaskKernel } from '../../../extensions/compute/src/kernels/threshold-mask/index.ts';
import {
  firstDifference,
  integer,
  randomInt16Volume,
  seededRandom,
} from '../../../extensions/compute/src/testing/random.ts';
import { type Device, type DeviceOptions, Device as NewDevice } from '../../../extensions/compute/src/webgl2/device.ts';
import { TEXTURE_FORMATS, type TextureFormat } from '../../../extensions/compute/src/webgl2/formats.ts';
import { SHADER_HEADER } from '../../../extensions/compute/src/webgl2/shader-source.ts';
import { releaseFromGpu, sharedDevice } from '../../../extensions/compute/src/webgl2/shared-device.ts';

/** The counters after one run, after 50 runs, after the volume was released, and after everything idle was freed. */
export async function countersOverRuns() {
  const device = sharedDevice();
  const volume = randomInt16Volume(seededRandom(1), [129, 64, 5], 0.5, 130);
  const run = (threshold: number) => runKernel(thresholdMaskKernel, volume, { threshold }, { producer: 'webgl2' });
  const uploads: (number | undefined)[] = [];
  uploads.push((await run(100)).report.uploadMs);
  const first = device.counters;
  for (let i = 0; i < 50; i++) uploads.push((await run(100 + i)).report.uploadMs);
  const fifty = device.counters;
  releaseFromGpu(volume);
  await device.releaseIdle();
  return { first, fifty, idle: device.counters, uploads };
}

/** What a run reports of itself. */
export async function reportOfRun() {
  const volume = randomInt16Volume(seededRandom(1), [128, 64, 5], 0.5, 130);
  const { report } = await runKernel(thresholdMaskKernel, volume, { threshold: 130 }, { producer: 'webgl2' });
  releaseFromGpu(volume);
  return report;
}

async function withDevice<Result>(options: DeviceOptions, work: (device: Device) => Promise<Result>): Promise<Result> {
  const device = new NewDevice(options);
  try {
    return await work(device);
  } finally {
    device.destroy();
  }
}

const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );

/** Asks a device with the default limits for 3 GiB, in one texture and in parts, and for one that is too wide. */
export function refusedRequests() {
  return withDevice({}, async device => {
    const gib = { format: 'RGBA32UI', width: 8192, height: 8192, layers: 1 } as const;
    const atOnce = await messageOf(device.operate(async operation => operation.texture({ ...gib, layers: 3 })));
    const wide = await messageOf(device.operate(async operation => operation.texture({ ...gib, width: 1 << 20 })));
    const deep = await messageOf(
      device.operate(async operation =>
        operation.texture({ format: 'R8UI', width: 1, height: 1, layers: device.capabilities.maximumArrayLayers + 1 }),
      ),
    );
    return { atOnce, wide, deep, counters: device.counters, error: device.gl.getError() };
  });
}

/** A small budget: what is kept is given up, oldest first, and an operation may go beyond it up to the limit. */
export function evictions() {
  return withDevice({ budgetBytes: 1 << 20, operationLimitBytes: 1 << 21 }, async device => {
    const quarter = (height: number) => ({ format: 'R32F', width: 256, height }) as const;
    const use = (...heights: number[]) =>
      device.operate(async operation => {
        for (const height of heights) operation.texture(quarter(height));
        return device.counters.bytes;
      });
    const peaks = [];
    const kept = [];
    for (const heights of [[256, 256, 256], [255, 256], [512, 512, 512], [1024]]) {
      peaks.push(await use(...heights));
      kept.push(device.counters.bytes);
    }
    const refused = await messageOf(use(1024, 1025));
    return { peaks, kept, refused, after: device.counters.bytes, error: device.gl.getError() };
  });
}

/** Three volumes take turns on a device with room for one: which of them had to be uploaded, and what stays. */
export function residentsTakeTurns() {
  return withDevice({ budgetBytes: 1 << 20 }, async device => {
    const shape = { format: 'R32F', width: 256, height: 768 } as const; // 768 KiB
    const volumes = [{}, {}, {}];
    const uploads: number[] = [];
    const bytes: number[] = [];
    for (const turn of [0, 0, 1, 2, 2, 0]) {
      await device.operate(operation =>
        operation.residentTexture(volumes[turn]!, 'test', shape, () => void uploads.push(turn)),
      );
      bytes.push(device.counters.bytes);
    }
    // Released under an operation: its texture is not given to anyone else before the operation ends.
    const shared = await device.operate(async operation => {
      const texture = await operation.residentTexture(volumes[0]!, 'test', shape, () => void uploads.push(0));
      device.residentTextures.release(volumes[0]!);
      return operation.texture(shape) === texture;
    });
    await device.releaseIdle();
    return { uploads, bytes, shared, counters: device.counters };
  });
}

/** What the compiler's messages look like to the developer of a kernel. */
export function shaderErrors() {
  return withDevice({}, async device => {
    const program = (fragment: string) => messageOf(device.operate(operation => operation.program({ fragment })));
    const header = '#version 300 es\nprecision highp float;\nout vec4 color;\n';
    return {
      compile: await program(`${header}void main() {\n  color = vec4(undefinedName);\n}`),
      link: await program(`${header}in vec2 missing;\nvoid main() { color = missing.xyxy; }`),
      programs: device.counters.programs,
      fine: await program(`${header}void main() { color = vec4(1.0); }`),
      error: device.gl.getError(),
    };
  });
}

/** A destroyed device holds nothing and says so. */
export async function destroyed() {
  const device = new NewDevice();
  await device.operate(async operation => operation.texture({ format: 'R32F', width: 4, height: 4 }));
  device.destroy();
  device.destroy();
  return { counters: device.counters, operate: await messageOf(device.operate(async () => 1)) };
}

/** Every type of uniform that can be set, each with other values, written by a shader into texels and read back. */
export function uniformsOfEveryType() {
  const floats = ['float', 'vec2', 'vec3', 'vec4', 'mat2', 'mat3', 'mat4'] as const;
  const integers = ['int', 'ivec2', 'ivec3', 'ivec4', 'uint', 'uvec2', 'uvec3', 'uvec4'] as const;
  const SIZES: Readonly<Record<string, number>> = { mat2: 4, mat3: 9, mat4: 16 };
  const sizeOf = (type: string) => SIZES[type] ?? Number(/\d$/.exec(type)?.[0] ?? 1);
  const types = [...floats, ...integers];
  const values = types.map((type, t) =>
    Array.from({ length: sizeOf(type) }, (_, i) => (10 * t + i + 1) * (type.startsWith('i') && i % 2 ? -1 : 1)),
  );
  const component = (type: string, t: number, i: number) => {
    const side = type.startsWith('mat') ? Number(type.at(-1)) : 0;
    if (side > 0) return `u${t}[${Math.floor(i / side)}][${i % side}]`;
    return sizeOf(type) === 1 ? `u${t}` : `u${t}[${i}]`;
  };
  const expressions = types.flatMap((type, t) => values[t]!.map((_, i) => `float(${component(type, t, i)})`));
  const fragment = `${SHADER_HEADER}
${types.map((type, t) => `uniform ${type} u${t};`).join('\n')}
out float value;
void main() {
  float values[${expressions.length}] = float[](${expressions.join(', ')});
  value = values[int(gl_FragCoord.x)];
}`;
  return withDevice({}, device =>
    device.operate(async operation => {
      const target = operation.texture({ format: 'R32F', width: expressions.length, height: 1 });
      const program = await operation.program({ fragment });
      const uniforms = Object.fromEntries(values.map((value, t) => [`u${t}`, value.length === 1 ? value[0]! : value]));
      operation.draw({ program, target, uniforms });
      const read = new Float32Array(expressions.length);
      await operation.read({ source: target, destination: read, offset: 0, count: read.length });
      return { read: [...read], set: values.flat() };
    }),
  );
}

/** A uniform of a type that cannot be set, and one that the shader does not have. */
export function uniformsThatCannotBeSet() {
  return withDevice({}, async device => {
    const draw = (declaration: string, use: string, uniforms: Readonly<Record<string, number>>) =>
      messageOf(
        device.operate(async operation => {
          const fragment = `${SHADER_HEADER}${declaration}\nout float value;\nvoid main() { value = ${use}; }`;
          const program = await operation.program({ fragment });
          const target = operation.texture({ format: 'R32F', width: 1, height: 1 });
          operation.draw({ program, target, uniforms });
        }),
      );
    return {
      unknownType: await draw('uniform bool flag;', 'flag ? 1.0 : 0.0', { flag: 1 }),
      unknownName: await draw('uniform float size;', 'size', { sise: 1 }),
    };
  });
}

/** Uploads random texels of a format, copies them into a target of the format with a shader, and reads that back. */
export function formatRoundTrip(format: TextureFormat) {
  const KINDS = {
    R16I: ['isampler2D', Int16Array, -32768, 32767],
    RGBA16I: ['isampler2D', Int16Array, -32768, 32767],
    RGBA32I: ['isampler2D', Int32Array, -(2 ** 31), 2 ** 31 - 1],
    RGBA32UI: ['usampler2D', Uint32Array, 0, 2 ** 32 - 1],
    R8UI: ['usampler2D', Uint8Array, 0, 255],
    R32F: ['sampler2D', Float32Array, -1e30, 1e30],
    RGBA32F: ['sampler2D', Float32Array, -1e30, 1e30],
  } as const;
  const [sampler, type, lowest, highest] = KINDS[format];
  const { components } = TEXTURE_FORMATS[format];
  // An odd width: rows are not aligned to anything.
  const shape = { format, width: 33, height: 17 } as const;
  const random = seededRandom(11);
  const numbers = Array.from({ length: 33 * 17 * components }, (_, i) => {
    if (i < 2) return i === 0 ? lowest : highest;
    return sampler === 'sampler2D' ? random() * 2 - 1 : integer(random, lowest, highest);
  });
  const values = new type(numbers);
  const fragment = `${SHADER_HEADER}
uniform ${sampler} image;
out ${sampler === 'sampler2D' ? 'vec4' : `${sampler[0]}vec4`} texel;
void main() { texel = texelFetch(image, ivec2(gl_FragCoord.xy), 0); }`;
  return withDevice({}, device =>
    device.operate(async operation => {
      const [image, target] = [operation.texture(shape), operation.texture(shape)];
      await operation.uploading(() =>
        operation.upload(image, { y: 0, width: shape.width, height: shape.height, layer: 0 }, values),
      );
      const program = await operation.program({ fragment });
      operation.draw({ program, target, textures: { image } });
      const read =
        sampler === 'sampler2D'
          ? new Float32Array(values.length)
          : new (sampler === 'isampler2D' ? Int32Array : Uint32Array)(values.length);
      await operation.read({ source: target, destination: read, offset: 0, count: read.length });
      return { count: values.length, firstDifference: firstDifference(read, values), bytes: image.bytes };
    }),
  );
}
