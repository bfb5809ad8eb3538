import { availableParallelism } from 'node:os';

/**
 * The suite of `npm test`: TypeScript as ES modules, each file stripped by swc, nothing built.
 * The browser and the mail suites start from this one; see the two files beside it.
 * @type {import('jest').Config}
 */
export default {
  testEnvironment: 'node',
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/src/generated/'],
  modulePathIgnorePatterns: ['<rootDir>/tmp/'],
  testSequencer: '<rootDir>/src/testing/longest-first.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        sourceMaps: 'inline',
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
      },
    ],
  },
  // An embedded PostgreSQL takes seconds to open, longer when two files open theirs on a small machine.
  testTimeout: 90_000,
  // Each file of tests loads its own WASM database (up to 0.85 GB at first): a worker above this is replaced.
  workerIdleMemoryLimit: '1.5GB',
  // Half the cores, since a database works beside each file of tests; never fewer than two, even on a small machine.
  maxWorkers: Math.max(2, Math.floor(availableParallelism() / 2)),
};
