export { setup as default } from './test-run.test-support.ts';
