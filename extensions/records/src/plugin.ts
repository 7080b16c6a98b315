/** For a prebuilt host: the extension alone, so that only what it needs is loaded with it. */
export { extension as default } from './extension.ts';
