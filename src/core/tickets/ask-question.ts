import { told } from '../conversations/index.ts';
import { text } from '../kernel/field.ts';
import { addMessage, writeTicket } from './rows.ts';
import { isInTriage, mayTriage } from './rules.ts';
import type { Ticket } from './schema.ts';
import { asked, ticket } from './ticket.ts';

/** Asks the client for more information: the question stands on the card and in the conversation (C2). */
export const askQuestion = ticket.command({
  name: 'ticket.ask',
  formerly: ['ticket.ask-form'],
  fields: { question: text({ label: 'What do we need to know?', hint: 'The client sees this and can answer.' }) },
  button: { label: 'Ask' },
  rank: 3,
  form: ({ number }) => ({ title: `Ask about #${number}` }),
  who: mayTriage,
  when: (it) => isInTriage(it) || 'write a reply instead of a question',
  handle: async (context, { question }, it) => {
    const after: Ticket = { ...it, state: { status: 'needs_info', question }, version: it.version + 1 };
    const [, message] = await Promise.all([
      writeTicket(context, it, after),
      addMessage(context, it, { body: question }, false),
    ]);
    return {
      events: [asked.of(it, after, told(message))],
      after,
      say: `Your question on #${it.number} is with the client.`,
      output: { message: message.id },
    };
  },
});
