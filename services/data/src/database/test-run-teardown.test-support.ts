export { teardown as default } from './test-run.test-support.ts';
