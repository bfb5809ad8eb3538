import type { Invoice } from '../invoices/index.ts';
import { amountField, calledInvoice, dueOf, invoice, money, readInvoice, readPaid } from '../invoices/index.ts';
import { nameOf } from '../kernel/actor.ts';
import { todayOf } from '../kernel/dates.ts';
import { requireNone } from '../kernel/faults.ts';
import { amountText } from '../kernel/money.ts';
import { asked, payment, wanted } from './payment.ts';
import { insertPayment, waitingFor } from './queries.ts';
import { canPay, isPayable, mayPay } from './rules.ts';
import type { Payment } from './schema.ts';
import { amountOf } from './wording.ts';

/** A link that ends sooner is not given to somebody who begins. */
const LEAST_MINUTES = 10;

/** Asks for a link by which all that is due, or a part of it, is paid. Who asks for what can be paid already gets that link. */
export const payInvoice = invoice.command({
  name: 'invoice.pay',
  fields: { amount: amountField },
  // What is paid is what the press says, and never more than is due: an older card does no harm.
  version: 'optional',
  button: { label: 'Pay', style: 'primary' },
  rank: 1,
  form: (it) => ({
    title: `Pay ${calledInvoice(it)}`,
    lead: `${money(dueOf(it), it.content.currency)} is due. Pay all of it, or a part: you get a link to a page where you pay by card or from your bank.`,
    submit: 'Get the link',
    values: { amount: dueText(it) },
  }),
  who: mayPay,
  when: canPay,
  // Clients write nothing of an invoice, and so lock none: what became of it meanwhile counts when the money is there.
  lock: readInvoice,
  handle: async (context, { amount: typed }, it) => {
    const amount = amountIn(typed, it, todayOf(context.now, it.firmTimezone));
    const there = await waitingFor(context, { invoice: it.id, amount });
    const given = there && isGiven(there, context.now, personOf(context.actor)) ? there : null;
    const made = given ?? newPayment(it, amount, context);
    if (!given) await insertPayment(context, made);
    const tell = personOf(context.actor);
    return {
      events: [given?.status === 'open' ? wanted.of(null, made, { tell }) : asked.of(null, made)],
      after: it,
      output: { payment: made.id },
      say: sayOf(made),
      next: payment.opening(made.id, 'Open the link', 'LINK'),
    };
  },
});

/** A link that is there is good for everybody; one that is being made, for who asked for it. */
function isGiven(it: Payment, now: Date, person: string | null): boolean {
  return it.status === 'open' ? isPayable(it, now, LEAST_MINUTES) : it.personId === person;
}

function sayOf(it: Payment): string {
  const what = `${amountOf(it)} of ${it.number}`;
  return it.status === 'open'
    ? `The link to pay ${what} is there.`
    : `The link to pay ${what} is being made. You get it in a moment.`;
}

function dueText(it: Invoice): string {
  return amountText({ amount: BigInt(dueOf(it)), currency: it.content.currency });
}

/** @throws DomainError invalid, beside the field */
function amountIn(typed: string, it: Invoice, today: string): number {
  const amount = readPaid({ amount: typed }, it, today);
  const due = dueOf(it);
  if (amount > due) requireNone({ amount: `is more than the ${money(due, it.content.currency)} that is due` });
  return amount;
}

function newPayment(
  it: Invoice,
  amount: number,
  { actor, now, newId }: Pick<Parameters<typeof insertPayment>[0], 'actor' | 'now' | 'newId'>,
): Payment {
  return {
    ...{
      id: newId(),
      version: 1,
      status: 'asked',
      clientId: it.clientId,
      clientName: it.clientName,
      firmName: it.firmName,
    },
    ...{ projectId: it.projectId, invoiceId: it.id, number: calledInvoice(it), amount, currency: it.content.currency },
    ...{ url: null, expiresAt: null, received: null, receivedIn: null, receivedAt: null, entryId: null, reason: null },
    ...{ refunds: [], dispute: null, personId: personOf(actor), byName: nameOf(actor), askedAt: now },
  };
}

function personOf(actor: Parameters<typeof nameOf>[0]): string | null {
  return actor.kind === 'person' ? actor.personId : null;
}
