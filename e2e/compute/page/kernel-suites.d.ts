/** Made by the test server of all suites that it finds. */
declare module 'kernel-suites' {
  export const suites: readonly import('@voxelwise/compute/testing').EqualitySuite[];
}
