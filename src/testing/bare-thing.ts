import { z } from 'zod';
import type { AnyCommand } from '../core/kernel/command.ts';
import type { OwnThing } from '../core/kernel/thing.ts';
import { thing } from '../core/kernel/thing.ts';

const Bare = z.strictObject({ id: z.uuid(), version: z.int() });

/** A thing of a test's own area, of which only matters which view shows it and which command takes answers to its card. */
export function bareThing(name: string, show: string): OwnThing {
  return thing({
    ...{ name, show, module: null, schema: Bare, facts: Bare },
    called: () => name,
    standing: () => 'there',
    read: async () => null,
    factsOf: (it) => it,
    audited: () => ({}),
    within: () => ({}),
  });
}

/** The same command, taking what is written in answer to the thing's card. */
export function takingAnswers<C extends AnyCommand>(command: C, about: OwnThing): C {
  const ask = () => Promise.reject(new Error('nothing is asked'));
  return { ...command, about: { thing: about, buttons: () => [], rank: 1, ask, takes: 'answer' } };
}
