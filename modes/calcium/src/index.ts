import { EXTENSION_ID } from '@voxelwise/calcium';
import { calciumMode } from './mode.ts';

/** For a host that was built with the packages: the extension is found by its package name. */
export default calciumMode(EXTENSION_ID);
