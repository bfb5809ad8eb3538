import { told } from '../conversations/index.ts';
import { command } from '../kernel/command.ts';
import { confirmation } from './cards.ts';
import { fact } from './history.ts';
import { Saying } from './input.ts';
import { mayNote } from './policies.ts';
import { ticketForUpdate } from './queries.ts';
import { EVENTS } from './ticket.ts';
import { addMessage } from './writes.ts';

/** Writes an internal note (C3). The ticket's own row stays as it is: not even a new version tells the client of it. */
export const addNote = command({
  name: 'ticket.note',
  input: Saying,
  fields: ['body'],
  known: ['quoted', 'files', 'byName', 'saidIn'],
  load: (context, { ticket }) => ticketForUpdate(context, ticket),
  policy: (actor, ticket) => mayNote(actor, ticket),
  handle: async (context, words, ticket) => {
    const message = await addMessage(context, ticket, words, true);
    return {
      events: [fact(EVENTS.noted, ticket, ticket, told(message, words.saidIn))],
      output: { id: ticket.id, number: ticket.number, version: ticket.version, message: message.id },
    };
  },
  reply: ({ id, number }) => confirmation(id, number, `Your note is on #${number}. Only the team sees it.`),
});
