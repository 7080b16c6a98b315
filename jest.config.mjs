const transform = moduleType => ({
  '^.+\\.tsx?$': [
    '@swc/jest',
    {
      jsc: {
        target: 'es2023',
        parser: { syntax: 'typescript', tsx: true },
        transform: { react: { runtime: 'automatic' } },
      },
      module: { type: moduleType },
    },
  ],
});

const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['voxelwise-source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/.voxelwise/'],
};

/** @type {import('jest').Config} */
export default {
  // What a failed test left open must not keep the verdict of all the others back.
  forceExit: Boolean(process.env.CI),
  // Modules of a test file are not all given back: a process that ran hundreds of files would only collect garbage.
  workerIdleMemoryLimit: '1GB',
  projects: [
    {
      ...shared,
      displayName: 'plug-ins and tools',
      testMatch: ['<rootDir>/{extensions,modes,services,scripts}/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/services/data/'],
      transform: transform('commonjs'),
    },
    {
      // The service's libraries are ES modules, and so are its tests: the same code runs as in production.
      ...shared,
      displayName: 'data service',
      testMatch: ['<rootDir>/services/data/src/**/*.test.ts'],
      extensionsToTreatAsEsm: ['.ts'],
      globalSetup: '<rootDir>/services/data/src/database/test-run-setup.test-support.ts',
      setupFilesAfterEnv: ['<rootDir>/services/data/src/database/test-timeout.test-support.ts'],
      globalTeardown: '<rootDir>/services/data/src/database/test-run-teardown.test-support.ts',
      transform: transform('es6'),
    },
  ],
};
