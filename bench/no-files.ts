import type { Files } from '../src/core/kernel/files.ts';
import { filesIn } from '../src/core/kernel/files.ts';

/** Nothing that is measured sends a file. */
export const NO_FILES: Files = filesIn(
  { put: async () => undefined, get: async () => null, remove: async () => undefined },
  null,
  0,
);
