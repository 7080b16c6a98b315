/** The contract of the data service, once zod knows that it must not compile code. */
import './client/zod-without-eval.ts';

export * from '@voxelwise/contract';
