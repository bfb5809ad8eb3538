import { z } from 'zod';
import { toldShape } from '../conversations/index.ts';
import type { Audience } from '../kernel/event.ts';
import { event } from '../kernel/event.ts';
import { thing } from '../kernel/thing.ts';
import { isFirm } from '../people/index.ts';
import { quoteForUpdate, readQuote } from './queries.ts';
import { Facts, Quote } from './schema.ts';
import { called, SAYS, standingText } from './wording.ts';
import { writeQuote } from './write.ts';

/** What the firm offers, at which price and until when. */
export const quote = thing({
  name: 'quote',
  module: 'billing',
  schema: Quote,
  show: 'quote.show',
  called: (it) => called(it),
  summary: ({ content }) => content.title,
  standing: ({ state }) => SAYS[state.status],
  read: readQuote,
  lock: quoteForUpdate,
  write: writeQuote,
  facts: Facts,
  factsOf: ({ id, number, version, hash, content: { title, currency }, state: { status } }) => ({
    ...{ quote: id, number, title, status, version, hash, currency },
  }),
  audited: ({ state, content, hash, version, signed }) => ({
    ...{ status: state.status, version, hash, content },
    signed: signed.map(({ byName, taken, channel, assurance }) => ({ byName, taken, channel, assurance })),
    acceptance: state.status === 'accepted' ? { ...state.acceptance, at: state.acceptance.at.toISOString() } : null,
    reason: state.status === 'declined' ? state.reason : null,
  }),
  // The client is told of what was sent from the quote's own rows, because events are not for contacts to read.
  changes: ({ actor }, it) => (isFirm(actor) ? undefined : Promise.resolve([standingText(it)])),
  within: ({ clientId, projectId }) => ({ clientId, ...(projectId ? { projectId } : {}) }),
});

const TEAM: readonly Audience[] = [{ audience: 'internal' }];
const EVERYBODY: readonly Audience[] = [...TEAM, { audience: 'client' }];
const ALL: readonly Audience[] = [...EVERYBODY, { audience: 'triage' }];
const units = z.int().describe('In the smallest unit of the currency, tax included');

/** What happens to quotes. */
export const drafted = quote.event({ name: 'quote.drafted', says: () => 'drafted it', audience: TEAM });
export const written = quote.event({
  name: 'quote.written',
  more: { changes: z.array(z.string()) },
  says: ({ changes }) => `changed the draft: ${changes.join('; ')}`,
  audience: TEAM,
});
export const sent = quote.event({ name: 'quote.sent', says: () => 'sent it', audience: EVERYBODY });
/** One of several approvers has accepted it; more must. */
export const signed = quote.event({
  name: 'quote.signed',
  more: {
    taken: z.array(z.int()).describe('The options that are taken'),
    lacking: z.int().describe('How many more must accept it'),
  },
  says: ({ lacking }) => `accepted it; ${lacking} more must`,
  audience: EVERYBODY,
});
/** Others have accepted before them, as the client's order wants it: these are asked now. */
export const turnCame = quote.event({
  name: 'quote.turn-came',
  more: { people: z.array(z.uuid()).describe('Whose turn it is') },
  says: () => 'made it the turn of whoever comes next',
  audience: ({ data }) => data.people.map((person) => ({ person, everywhere: true })),
});
/** Who must accept it changed: its card says so. */
export const counted = quote.event({
  name: 'quote.counted',
  says: () => 'noted who must accept it',
  audience: [],
});
export const accepted = quote.event({
  name: 'quote.accepted',
  more: { gross: units, taken: z.array(z.int()).describe('The options that were taken') },
  says: ({ taken }) => (taken.length ? `accepted it with the options ${taken.join(', ')}` : 'accepted it'),
  audience: ALL,
});
/** Two for each cycle that an accepted line names: each side has put its name to that scope. */
export const cycleAgreed = quote.event({
  name: 'quote.cycle-agreed',
  more: {
    cycle: z.uuid(),
    scope: z.string().describe('The hash of the scope'),
    side: z.enum(['firm', 'client']),
    signer: z.uuid(),
    byName: z.string(),
    through: z.string().describe('Where it was signed'),
    assurance: z.string(),
    before: z
      .array(z.strictObject({ signer: z.uuid(), name: z.string(), through: z.string(), assurance: z.string() }))
      .optional()
      .describe('Others of that side who signed before'),
  },
  says: ({ byName }) => `recorded that ${byName} agreed to a cycle with it`,
  audience: [],
});
/** What invoices are made of: the client owes it from now on. */
export const depositDue = quote.event({
  name: 'quote.deposit-due',
  more: { deposit: units },
  says: () => 'asked for the deposit',
  audience: [],
});
/** One for each interval of what is billed again and again: subscriptions begin with it. */
export const recurringAgreed = quote.event({
  name: 'quote.recurring-agreed',
  more: { every: z.enum(['monthly', 'quarterly', 'yearly']) },
  says: ({ every }) => `agreed to what is billed ${every}`,
  audience: [],
});
export const declined = quote.event({
  name: 'quote.declined',
  more: { reason: z.string().describe('Why') },
  says: ({ reason }) => `declined it: ${reason}`,
  audience: ALL,
});
export const replied = quote.event({
  name: 'quote.replied',
  more: toldShape,
  says: () => 'replied',
  audience: ALL,
});
export const noted = quote.event({
  name: 'quote.noted',
  more: toldShape,
  says: () => 'left a note',
  audience: [...TEAM, { audience: 'triage' }],
});
export const reminded = quote.event({
  name: 'quote.reminded',
  more: { days: z.int().describe('Before its last day') },
  says: () => 'reminded of it',
  audience: [{ audience: 'client' }],
});
export const withdrawn = quote.event({ name: 'quote.withdrawn', says: () => 'took it back', audience: EVERYBODY });
export const expired = quote.event({ name: 'quote.expired', says: () => 'noted that it expired', audience: ALL });
export const superseded = quote.event({
  name: 'quote.superseded',
  more: { by: z.uuid().describe('The quote that was sent in its place') },
  says: () => 'sent another one in its place',
  audience: EVERYBODY,
});
/** Above which amount accepting takes a surer sign of who it is. */
export const limitSet = event({
  name: 'quote.limit-set',
  data: z.strictObject({ amount: z.string() }),
  says: ({ amount }) => `decided that quotes above ${amount} take a chat or signing in`,
  audience: [],
});
