import type { Audience, Event } from '../kernel/event.ts';
import type { Area } from '../kernel/registry.ts';
import { addNote } from './add-note.ts';
import { approveTicket } from './approve-ticket.ts';
import { askQuestion } from './ask-question.ts';
import { declineTicket } from './decline-ticket.ts';
import { fileBug } from './file-bug.ts';
import { fileChange } from './file-change.ts';
import {
  askFormView,
  declineFormView,
  detailsFormView,
  duplicateFormView,
  newBug,
  newChange,
  noteFormView,
  replyFormView,
} from './form-views.ts';
import { markDuplicate } from './mark-duplicate.ts';
import { progressTicket } from './progress-ticket.ts';
import { replyToTicket } from './reply-to-ticket.ts';
import { setDetails } from './set-details.ts';
import { takeTicket } from './take-ticket.ts';
import { EVENTS, showing } from './ticket.ts';
import { showMessage, showMine, showQueue, showThread, showTicket } from './views.ts';

export { openTickets, triageCounts } from './lists.ts';

const TEAM: Audience[] = [{ audience: 'triage' }, { audience: 'internal' }];
const EVERYBODY: Audience[] = [...TEAM, { audience: 'client' }];

/**
 * The lasting card of the ticket: posted where it is not yet, else brought to date. A mailbox, whose mails cannot change,
 * gets it anew; so it is not announced for changed details, which the registry of cards shows in chat by itself.
 */
function announceCard(on: string) {
  return { on, audience: () => EVERYBODY, view: (event: Event) => showing(event.about.id), as: 'card' as const };
}

/**
 * What was said, as a message of its own in the card's thread. The card itself is drawn again by the registry of cards;
 * announcing it as well would send every mailbox two mails for one sentence.
 */
function announceMessage(on: string, audience: Audience[]) {
  return {
    on,
    audience: () => audience,
    view: (event: Event) => ({ target: 'ticket.message', input: { message: String(event.data.message) } }),
    as: 'reply' as const,
  };
}

/** Change requests and bug reports: filed by clients, triaged and worked on by the team, talked about by both. */
export const tickets: Area = {
  name: 'tickets',
  commands: [
    fileBug,
    fileChange,
    approveTicket,
    declineTicket,
    askQuestion,
    markDuplicate,
    takeTicket,
    addNote,
    replyToTicket,
    progressTicket,
    setDetails,
  ],
  views: [
    showTicket,
    showThread,
    showMessage,
    showQueue,
    showMine,
    newBug,
    newChange,
    declineFormView,
    askFormView,
    duplicateFormView,
    detailsFormView,
    noteFormView,
    replyFormView,
  ],
  reactions: [],
  announcements: [
    announceCard(EVENTS.filed),
    announceCard(EVENTS.approved),
    announceCard(EVENTS.declined),
    announceCard(EVENTS.markedDuplicate),
    announceCard(EVENTS.taken),
    announceCard(EVENTS.progressed),
    announceMessage(EVENTS.asked, EVERYBODY),
    announceMessage(EVENTS.replied, EVERYBODY),
    announceMessage(EVENTS.noted, TEAM),
  ],
  shows: { ticket: 'ticket.show' },
  message: 'ticket.message',
  answers: { ticket: 'ticket.reply' },
  notes: { ticket: 'ticket.note' },
  schedules: [],
};
