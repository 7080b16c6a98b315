import { calciumMode, EXTENSIONS } from './mode.ts';

/** For a host that was built with the packages: the extensions are found by their package names. */
export default calciumMode(EXTENSIONS.map(address => ({ address })));
