import { z } from 'zod';
import type { Audience } from '../kernel/event.ts';
import { thing } from '../kernel/thing.ts';
import { isFirm } from '../people/index.ts';
import { nextOn } from './periods.ts';
import { readSubscription, subscriptionForUpdate } from './queries.ts';
import { Facts, Subscription } from './schema.ts';
import { calledOf } from './wording.ts';

/** What a client agreed to pay every month, quarter or year by a quote, until the firm ends it. */
export const subscription = thing({
  name: 'subscription',
  module: 'billing',
  schema: Subscription,
  show: 'subscription.show',
  called: (it) => calledOf(it),
  summary: ({ called }) => `Agreed on by ${called}`,
  standing: ({ state }) => state.status,
  read: readSubscription,
  lock: subscriptionForUpdate,
  facts: Facts,
  factsOf: (it) => ({
    ...{ subscription: it.id, quote: it.quoteId, title: it.title, every: it.every, status: it.state.status },
    ...{ version: it.version, billed: it.billed, next: nextOn(it) },
  }),
  audited: ({ state, billed, version, startsOn, content }) => ({
    ...{ status: state.status, billed, version, startsOn, content },
    reason: state.status === 'ended' ? state.reason : null,
  }),
  // Events are not for contacts to read: how it stands is what they are told.
  changes: ({ actor }, it) => (isFirm(actor) ? undefined : Promise.resolve([`It is ${it.state.status} now`])),
  within: ({ clientId, projectId }) => ({ clientId, ...(projectId ? { projectId } : {}) }),
});

const EVERYBODY: readonly Audience[] = [{ audience: 'internal' }, { audience: 'client' }];

export const begun = subscription.event({ name: 'subscription.begun', says: () => 'began it', audience: EVERYBODY });
/** Its card is drawn again. The client hears of what is billed when the invoice is issued. */
export const billed = subscription.event({
  name: 'subscription.billed',
  more: { invoices: z.array(z.uuid()).describe('The drafts, one for each period') },
  says: ({ invoices }) => `drafted the invoices of ${invoices.length} periods`,
  audience: [],
});
export const ended = subscription.event({
  name: 'subscription.ended',
  more: { reason: z.string().describe('Why') },
  says: ({ reason }) => `ended it: ${reason}`,
  audience: EVERYBODY,
});
