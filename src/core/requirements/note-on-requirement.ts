import { noteOn } from '../conversations/index.ts';
import { readRequirement } from './queries.ts';
import { noted, requirement } from './requirement.ts';
import { mayNote } from './rules.ts';
import type { Requirement } from './schema.ts';
import { called } from './wording.ts';

/** Writes a note about a requirement that only the team sees. */
export const noteOnRequirement = noteOn<Requirement>({
  ...{ thing: requirement, titled: called, read: readRequirement },
  ...{ who: mayNote, event: noted },
});
