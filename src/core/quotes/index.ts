import { ruleSet } from '../approvals/index.ts';
import { announce, reactTo } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import {
  contactAdded,
  deactivated,
  grantChanged,
  isAdmin,
  isFirm,
  joinedProject,
  leftProject,
  roleChanged,
} from '../people/index.ts';
import * as commands from './commands.ts';
import { asked, inquiry, quoted, refused } from './inquiry.ts';
import { listInquiries } from './inquiry-list.ts';
import { showInquiry } from './inquiry-view.ts';
import { listQuotes } from './lists.ts';
import {
  accepted,
  cycleAgreed,
  declined,
  drafted,
  expired,
  noted,
  quote,
  reminded,
  replied,
  sent,
  signed,
  superseded,
  turnCame,
  withdrawn,
} from './quote.ts';
import { mayDraft } from './rules.ts';
import { quoteReminders, quoteSchedule } from './schedule.ts';
import { showMessage, showQuote, showThread } from './views.ts';
import { waitingInquiries, waitingQuotes } from './waiting.ts';

export type { Agreed } from './billing.ts';
export { agreedChoices, agreedForUpdate, nameOfQuote } from './billing.ts';
export { choicesFor, clientOf, readGround } from './queries.ts';
export { depositDue, recurringAgreed } from './quote.ts';
export { mayDraft, mayNote, mayRead, mayReply, maySend, readableProjects } from './rules.ts';

/** What the firm offers: drafted and sent by the firm, accepted or declined by the client, with what follows from that. */
export const quotes = area({
  name: 'quotes',
  things: [quote, inquiry],
  commands: Object.values(commands),
  views: [showQuote, showThread, showMessage, listQuotes, showInquiry, listInquiries],
  reactions: [
    // What both sides put their names to here makes the cycles official that it names.
    reactTo(cycleAgreed, ({ data: { cycle, scope, side, signer, byName, through, assurance, before } }) => ({
      name: 'cycle.agree',
      input: { cycle, hash: scope, side, signer, name: byName, through, assurance, ...(before ? { before } : {}) },
    })),
    // Who of the client must accept is another matter from now on.
    ...[ruleSet, contactAdded, deactivated, grantChanged, joinedProject, leftProject, roleChanged].map((on) =>
      reactTo<unknown>(on, ({ clientId }) =>
        clientId ? { name: 'quote.count-acceptances', input: { client: clientId } } : null,
      ),
    ),
  ],
  announcements: [
    // The lasting card of the quote: who has it sees it change in place.
    ...[drafted, signed, accepted, declined, withdrawn, superseded, expired].map((on) =>
      announce<unknown>(on, 'card', ({ about }) => quote.showing(about.id)),
    ),
    ...[asked, quoted, refused].map((on) => announce<unknown>(on, 'card', ({ about }) => inquiry.showing(about.id))),
    // Somebody is asked to answer.
    announce<unknown>(sent, 'alert', ({ about }) => quote.showing(about.id)),
    announce<unknown>(turnCame, 'alert', ({ about }) => quote.showing(about.id), {
      until: [accepted, declined, withdrawn, superseded, expired],
    }),
    // Nobody is reminded of what was answered, or taken back, before the reminder reached them.
    announce<unknown>(reminded, 'alert', ({ about }) => quote.showing(about.id), {
      until: [accepted, declined, withdrawn, superseded, expired],
    }),
    // What was said, as a message of its own in the thread of the quote's card.
    ...[replied, noted].map((on) =>
      announce(on, 'reply', ({ data }) => ({ target: 'quote.message', input: { message: data.message } })),
    ),
  ],
  waiting: [
    { thing: quote, read: waitingQuotes },
    { thing: inquiry, read: waitingInquiries },
  ],
  menu: [
    { label: 'Quotes', press: { target: 'quote.list', input: {} } },
    { label: 'Quotes that are wanted', press: { target: 'inquiry.list', input: {} } },
    { label: 'Ask for a quote…', press: { target: 'quote.request', input: {} }, who: (actor) => !isFirm(actor) },
    { label: 'Quotes that take signing in…', press: { target: 'quote.set-limit', input: {} }, who: isAdmin },
    { label: 'Draft a quote…', press: { target: 'quote.draft', input: {} }, who: mayDraft },
  ],
  message: 'quote.message',
  schedules: [quoteSchedule, quoteReminders],
});
