import { calciumMode } from './mode.ts';

/** For a prebuilt host: the mode brings its extension along, from the file beside it. */
export default calciumMode(new URL('./calcium-extension.js', import.meta.url).href);
