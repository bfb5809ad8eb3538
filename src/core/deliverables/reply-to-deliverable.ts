import { addMessage, said, told } from '../conversations/index.ts';
import { text } from '../kernel/field.ts';
import { isFirm } from '../people/index.ts';
import { deliverable, replied } from './deliverable.ts';
import { readDeliverable } from './queries.ts';
import { mayReply } from './rules.ts';
import { called } from './wording.ts';

/** Says something about a deliverable that both sides see. It decides nothing: only the buttons approve and send back. */
export const replyToDeliverable = deliverable.command({
  name: 'deliverable.reply',
  fields: { body: text({ label: 'Text' }) },
  known: said,
  version: 'optional',
  button: { label: 'Reply' },
  rank: 3,
  form: (it, { actor }) => ({
    title: `Reply on ${called(it)}`,
    submit: 'Send',
    hints: { body: `${isFirm(actor) ? it.clientName : it.firmName} will see this.` },
  }),
  takes: 'answer',
  who: mayReply,
  lock: readDeliverable,
  handle: async (context, { saidIn, ...words }, it) => {
    const message = await addMessage(context, { ...it, deliverable: it.id }, words, false);
    return {
      events: [replied.of(it, it, told(message, saidIn))],
      after: it,
      say: `Your message is in the thread. ${isFirm(context.actor) ? it.clientName : it.firmName} sees it.`,
    };
  },
});
