import {
  type BitMask,
  type ComponentLabels,
  type Connectivity,
  emptyMask,
  labelRuns,
  type RunList,
  runsFromMask,
} from '@voxelwise/compute/twins';

/** Voxels per axis [nx, ny, nz]. Masks have one byte per voxel, x fastest: 0 or 1. */
export type Dimensions = readonly [number, number, number];

interface Components {
  readonly runs: RunList;
  readonly labels: ComponentLabels;
  /** Voxels of every component. */
  readonly sizes: Float64Array;
}

/** Leaves the largest component of a mask; of equal ones the first. */
export function largestComponent(mask: Uint8Array, dimensions: Dimensions, connectivity: Connectivity): Uint8Array {
  const components = componentsOf(mask, dimensions, connectivity);
  const { sizes } = components;
  const largest = sizes.indexOf(sizes.reduce((most, size) => Math.max(most, size), 0));
  return maskOf(components, dimensions, component => component === largest);
}

/** Leaves the components of at least so many voxels. */
export function withoutSmallComponents(
  mask: Uint8Array,
  dimensions: Dimensions,
  connectivity: Connectivity,
  leastVoxels: number,
): Uint8Array {
  const components = componentsOf(mask, dimensions, connectivity);
  return maskOf(components, dimensions, component => components.sizes[component]! >= leastVoxels);
}

/** Fills what a mask encloses within a slice: background that no path of 4 neighbors leads from to the slice's border. */
export function withHolesFilled(mask: Uint8Array, dimensions: Dimensions): Uint8Array {
  const [nx, ny] = dimensions;
  const background = mask.map(value => (value === 0 ? 1 : 0));
  const components = componentsOf(background, dimensions, 4);
  const { runs, labels } = components;
  const isOutside = new Uint8Array(labels.count);
  forEachRun(runs, (run, row) => {
    const y = row % ny;
    const atBorder = y === 0 || y === ny - 1 || runs.start[run] === 0 || runs.end[run] === nx;
    if (atBorder) isOutside[labels.label[run]!] = 1;
  });
  const outside = maskOf(components, dimensions, component => isOutside[component] === 1);
  return outside.map(value => 1 - value);
}

function componentsOf(mask: Uint8Array, [nx, ny, nz]: Dimensions, connectivity: Connectivity): Components {
  if (mask.length !== nx * ny * nz) {
    throw new RangeError(`A mask of ${nx} x ${ny} x ${nz} voxels cannot have ${mask.length} values.`);
  }
  const runs = runsFromMask(bitsOf(mask, nx));
  const labels = labelRuns(runs, ny, connectivity);
  const sizes = new Float64Array(labels.count);
  for (let run = 0; run < runs.count; run++) sizes[labels.label[run]!]! += runs.end[run]! - runs.start[run]!;
  return { runs, labels, sizes };
}

function bitsOf(mask: Uint8Array, nx: number): BitMask {
  const bits = emptyMask(nx, mask.length / nx);
  for (let row = 0, voxel = 0; row < bits.rows; row++) {
    for (let x = 0; x < nx; x++, voxel++) {
      if (mask[voxel] !== 0) bits.words[row * bits.wordsPerRow + (x >> 5)]! |= 1 << (x & 31);
    }
  }
  return bits;
}

function maskOf({ runs, labels }: Components, [nx, ny, nz]: Dimensions, keep: (component: number) => boolean) {
  const mask = new Uint8Array(nx * ny * nz);
  forEachRun(runs, (run, row) => {
    if (keep(labels.label[run]!)) mask.fill(1, row * nx + runs.start[run]!, row * nx + runs.end[run]!);
  });
  return mask;
}

function forEachRun({ rowStart }: RunList, visit: (run: number, row: number) => void): void {
  for (let row = 0; row < rowStart.length - 1; row++) {
    for (let run = rowStart[row]!; run < rowStart[row + 1]!; run++) visit(run, row);
  }
}
