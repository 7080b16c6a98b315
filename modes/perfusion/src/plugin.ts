import { perfusionMode } from './mode.ts';

/** For a prebuilt host: the mode brings its extensions along, from the files beside it. */
const addresses = ['./perfusion-extension.js', './records-extension.js'].map(
  file => new URL(file, import.meta.url).href,
);

export default perfusionMode(addresses.map(address => ({ address, load: () => import(address) })));
