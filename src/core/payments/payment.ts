import { z } from 'zod';
import type { Audience } from '../kernel/event.ts';
import { thing } from '../kernel/thing.ts';
import { paymentForUpdate, readPayment, writePayment } from './queries.ts';
import { Facts, Payment } from './schema.ts';
import { called, SAYS } from './wording.ts';

/** A payment online: a link by which an invoice, or a part of it, is paid, and what came of it. */
export const payment = thing({
  name: 'payment',
  module: 'billing',
  schema: Payment,
  show: 'payment.show',
  called: ({ number }) => called({ number }),
  standing: ({ status }) => SAYS[status],
  read: readPayment,
  lock: paymentForUpdate,
  write: writePayment,
  facts: Facts,
  factsOf: ({ id, invoiceId, number, status, version, amount, currency }) => ({
    ...{ payment: id, invoice: invoiceId, number, status, version, amount, currency },
  }),
  audited: ({ status, version, received, receivedIn, entryId, reason, refunds, dispute }) => ({
    ...{ status, version, received, receivedIn, entryId, reason, refunds, dispute },
  }),
  within: ({ clientId, projectId }) => ({ clientId, ...(projectId ? { projectId } : {}) }),
});

const TEAM: readonly Audience[] = [{ audience: 'internal' }, { audience: 'triage' }];
const tell = z.uuid().nullable().describe('Who is told');

/** The one who asked, wherever they are reached. */
const asker = ({ data }: { data: { tell: string | null } }): Audience[] =>
  data.tell ? [{ person: data.tell, everywhere: true }] : [];

export const asked = payment.event({ name: 'payment.asked', says: () => 'asked for a link to pay', audience: [] });
export const linked = payment.event({
  name: 'payment.linked',
  more: { tell },
  says: () => 'made the link to pay',
  audience: asker,
});
/** Somebody asks for a link that there is: they get that one. */
export const wanted = payment.event({
  name: 'payment.link-wanted',
  more: { tell },
  says: () => 'asked for the link to pay',
  audience: asker,
});
export const processing = payment.event({
  name: 'payment.processing',
  says: () => 'noted that the bank is at work',
  audience: [],
});
export const received = payment.event({
  name: 'payment.received',
  more: { received: z.int(), receivedIn: z.string() },
  says: () => 'noted that it was paid',
  audience: [],
});
/** It could not be recorded: somebody of the firm decides. */
export const kept = payment.event({
  name: 'payment.kept',
  more: { reason: z.string() },
  says: ({ reason }) => `kept what was paid: ${reason}`,
  audience: TEAM,
});
export const recorded = payment.event({
  name: 'payment.recorded',
  says: () => 'recorded what was kept',
  audience: [],
});
export const failed = payment.event({
  name: 'payment.failed',
  more: { reason: z.string(), tell },
  says: ({ reason }) => `noted that it failed: ${reason}`,
  audience: (event) => [...TEAM, ...asker(event)],
});
export const expired = payment.event({ name: 'payment.expired', says: () => 'let the link end', audience: [] });
export const withdrawn = payment.event({ name: 'payment.withdrawn', says: () => 'withdrew the link', audience: [] });
export const refunded = payment.event({
  name: 'payment.refunded',
  more: { refund: z.string(), back: z.int() },
  says: () => 'noted what was paid back',
  audience: [],
});
/** What went back is none that the invoice knows of, or did not arrive. */
export const refundLoose = payment.event({
  name: 'payment.refund-loose',
  more: { refund: z.string(), reason: z.string() },
  says: ({ reason }) => `could not record what was paid back: ${reason}`,
  audience: TEAM,
});
export const disputed = payment.event({
  name: 'payment.disputed',
  more: { state: z.enum(['open', 'won', 'lost']) },
  says: ({ state }) => (state === 'open' ? 'noted that it is disputed' : `noted that the dispute is ${state}`),
  audience: TEAM,
});
export const closed = payment.event({
  name: 'payment.closed',
  more: { reason: z.string() },
  says: ({ reason }) => `closed it: ${reason}`,
  audience: [],
});
