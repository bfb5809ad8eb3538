import { z } from 'zod';
import type { Audience } from '../kernel/event.ts';
import { thing } from '../kernel/thing.ts';
import { isFirm } from '../people/index.ts';
import { usedOf } from './month.ts';
import { changedSince, periodForUpdate, readPeriod, writePeriod } from './period-queries.ts';
import { Period, PeriodFacts } from './period-schema.ts';
import { called, SAYS } from './wording.ts';

/** A project's hours of a calendar month: budgeted, used, invoiced, and signed by the client. */
export const period = thing({
  name: 'period',
  module: 'billing',
  schema: Period,
  show: 'period.show',
  called: (it) => called(it),
  standing: ({ state }) => SAYS[state.status],
  read: readPeriod,
  lock: periodForUpdate,
  write: writePeriod,
  facts: PeriodFacts,
  factsOf: (it) => ({
    ...{ period: it.id, month: it.month, status: it.state.status, version: it.version, budget: it.budget },
    ...{ used: usedOf(it), hash: it.hash },
  }),
  audited: (it) => ({
    ...{ status: it.state.status, version: it.version, budget: it.budget, used: usedOf(it), hash: it.hash },
    signature: it.state.status === 'signed' ? { ...it.state.signature, at: it.state.signature.at.toISOString() } : null,
    reason: it.state.status === 'disputed' ? it.state.dispute.reason : null,
    invoice: it.invoiced?.invoice ?? null,
  }),
  // Events are not for contacts to read: they are told from the entries themselves.
  changes: (context, it) => (isFirm(context.actor) ? undefined : changedSince(context, it)),
  within: ({ clientId, projectId }) => ({ clientId, projectId }),
});

const TEAM: readonly Audience[] = [{ audience: 'internal' }, { audience: 'triage' }];
const EVERYBODY: readonly Audience[] = [{ audience: 'internal' }, { audience: 'client' }];
const ALL: readonly Audience[] = [...TEAM, { audience: 'client' }];

/** What happens to a month. Its card is drawn again by each of them; told are those whom it concerns. */
export const counted = period.event({ name: 'period.counted', says: () => 'changed its hours', audience: [] });
export const budgeted = period.event({ name: 'period.budgeted', says: () => 'set the budget', audience: [] });
/** The client is not told: what concerns the client is a request for more hours, before they are worked. */
export const warned = period.event({
  name: 'period.warned',
  more: { level: z.int().describe('Per cent of what is agreed') },
  says: ({ level }) => `brought it to ${level} % of what is agreed`,
  audience: TEAM,
});
export const sent = period.event({ name: 'period.sent', says: () => 'sent it to be signed', audience: EVERYBODY });
export const reminded = period.event({
  name: 'period.reminded',
  more: { days: z.int().describe('After it was sent') },
  says: () => 'reminded of it',
  audience: [{ audience: 'client' }],
});
export const signed = period.event({ name: 'period.signed', says: () => 'signed it', audience: ALL });
export const disputed = period.event({
  name: 'period.disputed',
  more: { reason: z.string().describe('Why') },
  says: ({ reason }) => `disputed it: ${reason}`,
  audience: ALL,
});
/** Once, when the month is over: nobody has sent it to be signed. */
export const unsent = period.event({
  name: 'period.unsent',
  says: () => 'noted that it is over and was not sent',
  audience: [{ audience: 'internal' }],
});
export const invoiced = period.event({
  name: 'period.invoiced',
  more: { invoice: z.uuid(), minutes: z.int().describe('How much it bills') },
  says: () => 'invoiced it',
  audience: [],
});
export const released = period.event({
  name: 'period.released',
  more: { invoice: z.uuid().describe('The invoice that bills it no longer') },
  says: () => 'made it billable again',
  audience: [],
});
