import type { Edit } from './tree.ts';

/** A way in which the code could be wrong, and the tests that are asked to notice it. */
export interface Mutant {
  /** What is wrong with it, as a sentence. */
  name: string;
  edits: Edit[];
  /** Test files (paths, or the beginnings of paths) of which at least one test must fail. */
  tests: string[];
  /** Why no test can or need notice it. It is run all the same: one that is noticed after all must lose its excuse. */
  survives?: string;
}

/** A mutant of one file with one edit: most are. */
export function mutant(name: string, file: string, from: string, to: string, ...tests: string[]): Mutant {
  return { name, edits: [{ file, from, to }], tests };
}
