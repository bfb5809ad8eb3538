import base from './jest.config.mjs';

/**
 * `npm run test:mail`: a real mail server delivers, a real IMAP server is read. One at a time, since they share ports.
 * @type {import('jest').Config}
 */
export default { ...base, testMatch: ['<rootDir>/src/**/*.mail-test.ts'], testTimeout: 120_000, maxWorkers: 1 };
