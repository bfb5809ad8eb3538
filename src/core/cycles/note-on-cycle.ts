import { noteOn } from '../conversations/index.ts';
import { cycle, noted } from './cycle.ts';
import { readCycle } from './queries.ts';
import { mayNote } from './rules.ts';
import type { Cycle } from './schema.ts';
import { scopeOf } from './schema.ts';

/** Writes a note about a cycle that only the team sees. */
export const noteOnCycle = noteOn<Cycle>({
  ...{ thing: cycle, titled: (it) => scopeOf(it).content.name, read: readCycle },
  ...{ who: mayNote, event: noted, formerly: ['cycle.note-form'] },
});
