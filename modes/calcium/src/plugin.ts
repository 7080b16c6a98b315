import { calciumMode } from './mode.ts';

const extension = new URL('./calcium-extension.js', import.meta.url).href;

/** For a prebuilt host: the mode brings its extension along, from the file beside it. */
export default calciumMode(extension, () => import(extension));
