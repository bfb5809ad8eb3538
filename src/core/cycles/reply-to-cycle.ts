import { z } from 'zod';
import { addMessage, saying, told } from '../conversations/index.ts';
import { command } from '../kernel/command.ts';
import { isFirm } from '../people/index.ts';
import { EVENTS, mayReply, partyName } from './cycle.ts';
import { readCycle } from './queries.ts';
import { doneCard, doneWith, saidOf } from './record.ts';

/** Says something about a cycle that both parties see. It decides nothing: no approval and no review changes by it. */
export const replyToCycle = command({
  name: 'cycle.reply',
  input: z.strictObject({ cycle: z.uuid(), ...saying }),
  fields: ['body'],
  known: ['quoted', 'files', 'saidIn'],
  load: (context, { cycle }) => readCycle(context, cycle),
  policy: mayReply,
  handle: async (context, { saidIn, ...words }, cycle) => {
    const { actor } = context;
    const message = await addMessage(context, { ...cycle, cycle: cycle.id }, words, false);
    const reader = partyName(cycle, isFirm(actor) ? 'client' : 'firm');
    return {
      events: [saidOf(EVENTS.replied, cycle, told(message, saidIn))],
      output: doneWith(cycle, `Your message is in the thread. ${reader} sees it.`),
    };
  },
  reply: doneCard,
});
