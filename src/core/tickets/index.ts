import { announce } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { isFirm } from '../people/index.ts';
import * as commands from './commands.ts';
import { showMine, showQueue } from './lists.ts';
import { ticketFigures, ticketsOfClients, ticketsOfPeople, ticketsOfProjects } from './standing.ts';
import {
  approved,
  asked,
  declined,
  filed,
  markedDuplicate,
  noted,
  progressed,
  replied,
  taken,
  ticket,
} from './ticket.ts';
import { showMessage, showThread, showTicket } from './views.ts';
import { waitingTickets } from './waiting.ts';

export { ticketNamed } from './queries.ts';

/** Change requests and bug reports: filed by clients, triaged and worked on by the team, talked about by both. */
export const tickets = area({
  name: 'tickets',
  things: [ticket],
  commands: Object.values(commands),
  views: [showTicket, showThread, showMessage, showQueue, showMine],
  announcements: [
    // The lasting card: posted where it is not yet, else brought to date. A mailbox, whose mails cannot change, gets it anew;
    // so it is not announced for changed details, which the registry of cards shows in chat by itself.
    ...[filed, approved, declined, markedDuplicate, taken, progressed].map((on) =>
      announce<unknown>(on, 'card', (event) => ticket.showing(event.about.id)),
    ),
    // What was said, as a message of its own in the card's thread. The card itself is drawn again by the registry of cards;
    // announcing it as well would send every mailbox two mails for one sentence.
    ...[asked, replied, noted].map((on) =>
      announce(on, 'reply', ({ data }) => ({ target: 'ticket.message', input: { message: data.message } })),
    ),
  ],
  waiting: [{ thing: ticket, read: waitingTickets }],
  figures: [{ thing: ticket, read: ticketFigures }],
  standings: [
    { of: 'client', thing: ticket, read: ticketsOfClients },
    { of: 'project', thing: ticket, read: ticketsOfProjects },
    { of: 'person', thing: ticket, read: ticketsOfPeople },
  ],
  menu: [
    { label: 'Tickets to triage', press: { target: 'ticket.queue', input: {} }, who: isFirm },
    { label: 'My tickets', press: { target: 'ticket.mine', input: {} } },
    { label: 'Report a bug…', press: { target: 'ticket.file-bug', input: {} } },
    { label: 'Ask for a change…', press: { target: 'ticket.file-change', input: {} } },
  ],
  message: 'ticket.message',
});
