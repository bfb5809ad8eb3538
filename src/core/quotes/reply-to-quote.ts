import { addMessage, said, told } from '../conversations/index.ts';
import { text } from '../kernel/field.ts';
import { isFirm } from '../people/index.ts';
import { readQuote } from './queries.ts';
import { quote, replied } from './quote.ts';
import { isDraft, mayReply } from './rules.ts';
import { called } from './wording.ts';

/** Says something about a quote that both sides see. It decides nothing: a quote is accepted and declined by its buttons alone. */
export const replyToQuote = quote.command({
  name: 'quote.reply',
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
  when: (it) => !isDraft(it) || 'the client does not see it before it is sent; leave a note',
  lock: readQuote,
  handle: async (context, { saidIn, ...words }, it) => {
    const message = await addMessage(context, { ...it, quote: it.id }, words, false);
    return {
      events: [replied.of(it, it, told(message, saidIn))],
      after: it,
      say: `Your message is in the thread. ${isFirm(context.actor) ? it.clientName : it.firmName} sees it.`,
    };
  },
});
