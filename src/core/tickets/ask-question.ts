import { told } from '../conversations/index.ts';
import { command } from '../kernel/command.ts';
import { confirmation } from './cards.ts';
import { fact } from './history.ts';
import { Ask } from './input.ts';
import { mayTriage } from './policies.ts';
import { ticketForUpdate } from './queries.ts';
import { decide, EVENTS } from './ticket.ts';
import { addMessage, assertCurrent, moveTicket } from './writes.ts';

/** Asks the client for more information: the question stands on the card and in the conversation (C2). */
export const askQuestion = command({
  name: 'ticket.ask',
  input: Ask,
  fields: ['question'],
  load: (context, { ticket }) => ticketForUpdate(context, ticket),
  policy: (actor, ticket) => mayTriage(actor, ticket),
  handle: async (context, { version, question }, ticket) => {
    await assertCurrent(context, ticket, version);
    const state = decide(ticket, { act: 'ask', question });
    const [asked, message] = await Promise.all([
      moveTicket(context, ticket, state),
      addMessage(context, ticket, { body: question }, false),
    ]);
    return {
      events: [fact(EVENTS.asked, ticket, asked, told(message))],
      output: { id: ticket.id, number: ticket.number, version: asked.version, message: message.id },
    };
  },
  reply: ({ id, number }) => confirmation(id, number, `Your question on #${number} is with the client.`),
});
