import { EXTENSIONS, perfusionMode } from './mode.ts';

/** For a host that was built with the packages: the extensions are found by their package names. */
export default perfusionMode(EXTENSIONS.map(address => ({ address })));
