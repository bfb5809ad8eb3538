import { z } from 'zod';
import { addMessage, saying, told } from '../conversations/index.ts';
import { command } from '../kernel/command.ts';
import { EVENTS, mayNote } from './cycle.ts';
import { readCycle } from './queries.ts';
import { doneCard, doneWith, saidOf } from './record.ts';

/** Writes a note about a cycle that only the team sees. */
export const noteOnCycle = command({
  name: 'cycle.note',
  input: z.strictObject({ cycle: z.uuid(), ...saying }),
  fields: ['body'],
  known: ['quoted', 'files', 'saidIn'],
  load: (context, { cycle }) => readCycle(context, cycle),
  policy: mayNote,
  handle: async (context, { saidIn, ...words }, cycle) => {
    const message = await addMessage(context, { ...cycle, cycle: cycle.id }, words, true);
    return {
      events: [saidOf(EVENTS.noted, cycle, told(message, saidIn))],
      output: doneWith(cycle, 'Your note is in the thread. Only the team sees it.'),
    };
  },
  reply: doneCard,
});
