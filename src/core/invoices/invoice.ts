import { z } from 'zod';
import { toldShape } from '../conversations/index.ts';
import type { Audience, Hearing } from '../kernel/event.ts';
import { thing } from '../kernel/thing.ts';
import { invoiceForUpdate, readInvoice } from './queries.ts';
import { dueOf } from './rules.ts';
import { Facts, Invoice } from './schema.ts';
import { calledOf, numberOf, SAYS } from './wording.ts';
import { writeInvoice } from './write.ts';

/** What a client owes: a draft, then an invoice, a deposit invoice or a credit note that nobody changes. */
export const invoice = thing({
  name: 'invoice',
  module: 'billing',
  schema: Invoice,
  show: 'invoice.show',
  called: (it) => calledOf(it),
  summary: ({ content }) => content.title,
  standing: ({ state }) => SAYS[state.status],
  read: readInvoice,
  lock: invoiceForUpdate,
  write: writeInvoice,
  facts: Facts,
  factsOf: (it) => {
    const { id, kind, version, gross, paid, credited, dueOn, content, state } = it;
    return {
      ...{ invoice: id, number: numberOf(it), kind, title: content.title, status: state.status, version },
      ...{ currency: content.currency, gross, paid, credited, due: dueOf(it), dueOn },
    };
  },
  audited: (it) => {
    const { state, content, version, gross, paid, credited, dueOn } = it;
    const reason = state.status === 'void' ? state.ended.reason : null;
    return { status: state.status, number: numberOf(it), version, content, gross, paid, credited, dueOn, reason };
  },
  within: ({ clientId, projectId }) => ({ clientId, ...(projectId ? { projectId } : {}) }),
});

const TEAM: readonly Audience[] = [{ audience: 'internal' }];
const EVERYBODY: readonly Audience[] = [...TEAM, { audience: 'client' }];
const units = (what: string) => z.int().describe(`${what}, in the smallest unit of the currency`);
const payment = {
  amount: units('How much'),
  day: z.iso.date().describe('When'),
  entry: z.uuid().describe('Under which it is recorded'),
};

/** Of a draft the client hears nothing. */
const readersOf: Hearing<{ number: string | null }> = ({ data }) => [...(data.number === null ? TEAM : EVERYBODY)];

/** What happens to invoices. */
export const drafted = invoice.event({ name: 'invoice.drafted', says: () => 'drafted it', audience: TEAM });
export const written = invoice.event({
  name: 'invoice.written',
  more: { changes: z.array(z.string()) },
  says: ({ changes }) => `changed the draft: ${changes.join('; ')}`,
  audience: TEAM,
});
export const issued = invoice.event({ name: 'invoice.issued', says: () => 'issued it', audience: EVERYBODY });
export const paymentRecorded = invoice.event({
  name: 'invoice.payment-recorded',
  more: payment,
  says: ({ status }) => `recorded a payment; it is ${SAYS[status]} now`,
  audience: EVERYBODY,
});
export const paymentUndone = invoice.event({
  name: 'invoice.payment-undone',
  more: { ...payment, reason: z.string().describe('Why') },
  says: ({ reason }) => `took back what was recorded: ${reason}`,
  audience: EVERYBODY,
});
export const refunded = invoice.event({
  name: 'invoice.refunded',
  more: payment,
  says: () => 'recorded what was paid back',
  audience: EVERYBODY,
});
/** Nothing is due any more because it was paid: what waits for that goes on, and reminders end. */
export const paid = invoice.event({ name: 'invoice.paid', says: () => 'noted that it is paid', audience: EVERYBODY });
export const voided = invoice.event({
  name: 'invoice.voided',
  more: { reason: z.string().describe('Why') },
  says: ({ reason }) => `voided it: ${reason}`,
  audience: readersOf,
  mayReachClient: true,
});
export const credited = invoice.event({
  name: 'invoice.credited',
  more: {
    amount: units('How much of it'),
    note: z.uuid().describe('The credit note'),
    reason: z.string().describe('Why'),
  },
  says: ({ reason }) => `credited it: ${reason}`,
  audience: EVERYBODY,
});
export const replied = invoice.event({
  name: 'invoice.replied',
  more: toldShape,
  says: () => 'replied',
  audience: [...EVERYBODY, { audience: 'triage' }],
});
export const noted = invoice.event({
  name: 'invoice.noted',
  more: toldShape,
  says: () => 'left a note',
  audience: [...TEAM, { audience: 'triage' }],
});
/** Once, when its last day to pay is over. */
export const overdue = invoice.event({
  name: 'invoice.overdue',
  says: () => 'noted that it is overdue',
  audience: [...TEAM, { audience: 'triage' }],
});
export const reminded = invoice.event({
  name: 'invoice.reminded',
  more: { days: z.int().describe('After the last day to pay, or (below zero) before it') },
  says: () => 'reminded of it',
  audience: [{ audience: 'client' }],
});
export const sentAgain = invoice.event({
  name: 'invoice.sent-again',
  says: () => 'sent it again',
  audience: [{ audience: 'client' }],
});
