import base from './jest.config.mjs';

/**
 * `npm run test:browser`: a real Chromium drives the pages. One at a time, since each takes a core.
 * @type {import('jest').Config}
 */
export default { ...base, testMatch: ['<rootDir>/src/**/*.browser-test.ts'], testTimeout: 120_000, maxWorkers: 1 };
