import type { GpuProgram, GpuTexture, Operation, PingPong, UniformValue } from '@voxelwise/compute/webgl2';
import { type LucyRichardsonSystem, lucyRichardsonSystem } from '../../core/deconvolution/lucy-richardson.ts';
import { type ResidueMatrix, residueMatrix } from '../../core/deconvolution/residue-matrix.ts';
import { shiftedTimesS } from '../../core/deconvolution/residue-times.ts';
import type { MapsParameters } from '../maps-parameters.ts';
import { lucyRichardsonShader, productShader, vectorsOf } from './shaders.ts';

/** Uniform vectors that every device has are 224; some are left for the rest. */
const MOST_VECTORS = 208;

/** A deconvolution on the GPU: passes that take turns between two targets. */
export interface GpuMethod {
  readonly timesS: Float64Array;
  readonly usesNoise: boolean;
  /** Draws everything; the result is in the source of the targets. */
  draw(targets: PingPong, textures: { readonly curves: GpuTexture; readonly noise?: GpuTexture }): void;
}

/** Why this method cannot run on any GPU, or null. */
export function gpuMethodUnavailable({ method, aif, intervalS }: MapsParameters): string | null {
  if (method.name === 'osvd') {
    return 'oSVD has no shader: it changes a whole residue function per voxel, frequency by frequency';
  }
  if (method.name !== 'lr') return vectorsOf(aif.length) > MOST_VECTORS ? tooLong(aif.length) : null;
  const { first, last } = blockRange(lucyRichardsonSystem(aif, intervalS));
  const vectors = 4 * (last - first + 1) + vectorsOf(aif.length);
  return vectors > MOST_VECTORS ? tooLong(aif.length) : null;
}

const tooLong = (timePoints: number) =>
  `${timePoints} time points need more constants than a shader can rely on (${MOST_VECTORS} vectors)`;

export function createGpuMethod(operation: Operation, parameters: MapsParameters): Promise<GpuMethod> {
  const { method, aif, intervalS } = parameters;
  if (method.name === 'lr') return lucyRichardson(operation, aif, intervalS, method);
  if (method.name === 'osvd') throw new Error('oSVD has no shader');
  return product(operation, residueMatrix(aif, intervalS, method));
}

interface Rows {
  readonly program: GpuProgram;
  readonly weights: Float32Array;
  readonly isFirst: boolean;
}

/** As many rows to a pass as its constants allow; rows of a circulant matrix share theirs. */
async function product(operation: Operation, { rows, columns, values, timesS }: ResidueMatrix): Promise<GpuMethod> {
  const passes: Rows[] = [];
  const rowVectors = vectorsOf(columns);
  for (let row = 0; row < rows; ) {
    const firstRow = row;
    const known = new Map<string, number>();
    const weights: number[] = [];
    const indices: number[][] = [];
    while (row < rows && known.size + rowVectors <= MOST_VECTORS) {
      const ofRow = Array.from({ length: rowVectors }, (_, vector) => {
        const four = [0, 1, 2, 3].map(i =>
          4 * vector + i < columns ? Math.fround(values[row * columns + 4 * vector + i]!) : 0,
        );
        const key = four.join();
        if (!known.has(key)) {
          known.set(key, known.size);
          weights.push(...four);
        }
        return known.get(key)!;
      });
      indices.push(ofRow);
      row++;
    }
    const program = await operation.program({ fragment: productShader(columns, indices, firstRow, known.size) });
    passes.push({ program, weights: Float32Array.from(weights), isFirst: firstRow === 0 });
  }
  return {
    timesS,
    usesNoise: false,
    draw(targets, { curves }) {
      for (const { program, weights, isFirst } of passes) {
        const textures: Record<string, GpuTexture> = isFirst ? { curves } : { curves, before: targets.source };
        operation.draw({ program, target: targets.target, textures, uniforms: { weights } });
        targets.swap();
      }
    },
  };
}

/** Blocks of four by four samples (i, j) with i - j - firstLag in the kernel, by their i - j in fours. */
function blockRange({ kernel, firstLag }: LucyRichardsonSystem) {
  return { first: Math.ceil((firstLag - 3) / 4), last: Math.floor((kernel.length + 2 + firstLag) / 4) };
}

async function lucyRichardson(
  operation: Operation,
  aif: Float64Array,
  intervalS: number,
  { maximumIterations, noiseFactor }: Extract<MapsParameters['method'], { readonly name: 'lr' }>,
): Promise<GpuMethod> {
  const system = lucyRichardsonSystem(aif, intervalS);
  const { samples, kernel, firstLag, area, shift } = system;
  const { first, last } = blockRange(system);
  // mat4 uniforms are column by column.
  const blocks = Float32Array.from({ length: 16 * (last - first + 1) }, (_, i) => {
    const [block, column, row] = [first + (i >> 4), (i >> 2) & 3, i & 3];
    return kernel[4 * block + row - column - firstLag] ?? 0;
  });
  const inverseWeights = new Float32Array(4 * vectorsOf(samples));
  inverseWeights.set(system.inverseWeights);
  const shape = { timePoints: samples, firstBlock: first, lastBlock: last };
  const program = await operation.program({ fragment: lucyRichardsonShader(shape) });
  const uniforms: Record<string, UniformValue> = {
    kernel: blocks,
    inverseWeights,
    inverseArea: 1 / area,
    noiseFactor,
    maximumIterations,
  };
  return {
    timesS: shiftedTimesS(samples, shift, intervalS),
    usesNoise: true,
    draw(targets, { curves, noise }) {
      operation.draw({ program, target: targets.target, textures: { curves, noise: noise! }, uniforms });
      targets.swap();
    },
  };
}
