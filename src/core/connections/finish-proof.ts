import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { readProof } from './account-proof.ts';
import { connectedBy, connection } from './connection.ts';
import { takenWords } from './queries.ts';
import { calledOf } from './schema.ts';

/** Connects an account in which what the hub had sent there was found. Only the system finds it. */
export const finishProof = command({
  name: 'connection.finish-proof',
  input: z.strictObject({ waiting: z.uuid() }),
  load: (context, { waiting }) => readProof(context, waiting),
  policy: isSystem,
  handle: async (context, { waiting }, { tool, account }) => {
    const [row] = await context.sql<{
      done: { id: string; new: boolean } | { say: Hindrance } | null;
    }>`select parley_finish_proof(${waiting}, ${context.now}) as done`;
    const done = row?.done ?? { say: 'ended' as const };
    if ('say' in done) throw new DomainError('conflict', WORDS[done.say](calledOf({ tool, account, name: null })));
    return connectedBy(context, done.id, done.new);
  },
  reply: (output) => doneCard(connection, output),
});

type Hindrance = 'taken' | 'again' | 'person' | 'ended';

const WORDS: Readonly<Record<Hindrance, (called: string) => string>> = {
  taken: takenWords,
  again: (called) => `${called} was connected meanwhile, so what was typed here is not used.`,
  person: () => 'Whoever asked for it is no administrator any more.',
  ended: (called) => `${called} is waited for no more.`,
};
