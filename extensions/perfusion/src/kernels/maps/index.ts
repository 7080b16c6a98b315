import { type Kernel, takeSteps, type VoxelVolume } from '@voxelwise/compute';
import { PERFUSION_MAPS, type PerfusionMaps } from '../../core/maps.ts';
import type { MapsParameters } from '../maps-parameters.ts';
import { mapsInSteps } from './twin.ts';
import { emptyMaps } from './voxel-maps.ts';
import { mapsWasm } from './wasm.ts';
import { mapsWebgl2 } from './webgl2.ts';
import { sampleOf, workPerVoxel } from './work.ts';

/** Bytes of a curve's time point as float64, in the twin, and of everything else that a slice needs per pixel. */
const CURVE_BYTES = 8;
const PIXEL_BYTES = 128;

const voxelsOf = ({ dimensions: [nx, rows, nz] }: Pick<VoxelVolume, 'dimensions'>, { timePoints }: MapsParameters) =>
  (nx * rows * nz) / timePoints;

/** What is kept of one slice at a time. */
const sliceBytes = (volume: Pick<VoxelVolume, 'dimensions'>, parameters: MapsParameters) =>
  (voxelsOf(volume, parameters) / volume.dimensions[2]) * (parameters.timePoints * CURVE_BYTES + PIXEL_BYTES);

/**
 * Perfusion maps of a dynamic volume of dimensions [nx, ny * timePoints, nz]. Voxels outside the mask cost next to nothing.
 * Slices are computed one after the other, so that several workers can share them and the curves of one are in memory at a time.
 */
export const mapsKernel: Kernel<MapsParameters, PerfusionMaps> = {
  name: 'perfusion.maps',
  producers: {
    ts: {
      run(volume, parameters, measurement, control) {
        if (measurement) measurement.workBytes = sliceBytes(volume, parameters);
        return takeSteps(mapsInSteps(volume, parameters), control);
      },
    },
    wasm: mapsWasm,
    webgl2: mapsWebgl2,
  },
  transferables: maps => PERFUSION_MAPS.map(name => maps[name].buffer),
  workPerVoxel,
  sample: sampleOf,
  slabs: {
    parametersFor: (parameters, firstSlice) => ({ ...parameters, firstSlice }),
    merge(parts, volume, parameters) {
      const voxels = voxelsOf(volume, parameters);
      const maps = emptyMaps(voxels);
      for (const { output, firstSlice } of parts) {
        const offset = (voxels / volume.dimensions[2]) * firstSlice;
        for (const name of PERFUSION_MAPS) maps[name].set(output[name], offset);
      }
      return maps;
    },
  },
  neededBytes(volume, parameters) {
    const maps = voxelsOf(volume, parameters) * PERFUSION_MAPS.length * Float32Array.BYTES_PER_ELEMENT;
    return maps + sliceBytes(volume, parameters);
  },
};
