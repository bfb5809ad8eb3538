import type { Examples } from '../../testing/examples.ts';

/** What stands there is what the other areas say. */
export const examples: Examples = {};
