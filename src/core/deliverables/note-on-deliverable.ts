import { noteOn } from '../conversations/index.ts';
import { deliverable, noted } from './deliverable.ts';
import { readDeliverable } from './queries.ts';
import { mayNote } from './rules.ts';
import type { Deliverable } from './schema.ts';
import { called } from './wording.ts';

/** Writes a note about a deliverable that only the team sees. */
export const noteOnDeliverable = noteOn<Deliverable>({
  ...{ thing: deliverable, titled: called, read: readDeliverable },
  ...{ who: mayNote, event: noted },
});
