/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/test/support/strip-types.mjs' },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  reporters: ['default', '<rootDir>/test/support/closing-line-reporter.mjs'],
  coverageProvider: 'v8',
  // A bound on what hangs, far from what any test takes: on a busy machine nothing fails by time alone.
  testTimeout: 240_000,
  // More than cores: many tests wait for timers of Temporal, heartbeats and killed processes.
  maxWorkers: 4,
  // The usual half second is less than a process of some hundred MB takes to end on a busy machine.
  workerGracefulExitTimeout: 10_000,
};
