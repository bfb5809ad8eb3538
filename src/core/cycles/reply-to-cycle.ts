import { addMessage, said, told } from '../conversations/index.ts';
import type { Actor } from '../kernel/actor.ts';
import { text } from '../kernel/field.ts';
import { isFirm } from '../people/index.ts';
import { cycle, replied } from './cycle.ts';
import { readCycle } from './queries.ts';
import { mayReply } from './rules.ts';
import type { Cycle } from './schema.ts';
import { partyName, scopeOf } from './schema.ts';

/** Says something about a cycle that both parties see. It decides nothing: no approval and no review changes by it. */
export const replyToCycle = cycle.command({
  name: 'cycle.reply',
  formerly: ['cycle.reply-form'],
  fields: { body: text({ label: 'Text' }) },
  known: said,
  version: 'optional',
  button: { label: 'Reply' },
  rank: 4,
  form: (it, { actor }) => ({
    title: `Reply on ${scopeOf(it).content.name}`,
    submit: 'Send',
    hints: { body: `${readerFor(it, actor)} will see this.` },
  }),
  takes: 'answer',
  who: mayReply,
  lock: readCycle,
  handle: async (context, { saidIn, ...words }, it) => {
    const message = await addMessage(context, { ...it, cycle: it.id }, words, false);
    return {
      events: [replied.of(it, it, told(message, saidIn))],
      after: it,
      say: `Your message is in the thread. ${readerFor(it, context.actor)} sees it.`,
    };
  },
});

/** Who reads what this actor says. */
function readerFor(it: Cycle, actor: Actor): string {
  return partyName(it, isFirm(actor) ? 'client' : 'firm');
}
