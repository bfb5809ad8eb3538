import { z } from 'zod';
import type { Placed } from '../invoices/index.ts';
import { placePayment } from '../invoices/index.ts';
import { received as decide, whyOther } from './decide.ts';
import { moment, units } from './given.ts';
import { kept, payment, received } from './payment.ts';
import { writePayment } from './queries.ts';
import { isTool, isUnpaid } from './rules.ts';
import { amountOf, called, NOTE } from './wording.ts';

/**
 * The money is there: it is recorded with the invoice in the same transaction. Where the invoice does not take it (it is void, less
 * is due by now, another amount came), it is kept with the reason, and the firm is told: money is never dropped.
 */
export const receivePayment = payment.command({
  name: 'payment.receive',
  given: {
    amount: units,
    currency: z.string().regex(/^[A-Z]{3}$/, 'is a code of ISO 4217'),
    at: moment,
  },
  version: 'optional',
  button: [],
  who: isTool,
  when: (it) => isUnpaid(it) || 'it was noted already that it arrived',
  handle: async (context, { amount, currency, at: text }, it) => {
    const at = new Date(Math.min(new Date(text).getTime(), context.now.getTime()));
    const came = { amount, currency, at };
    const other = whyOther(it, came);
    const whose = { invoice: it.invoiceId, client: it.clientId };
    const placed: Placed = other ? { why: other } : await placePayment(context, whose, { ...came, note: NOTE });
    const after = { ...decide(it, came, placed), version: it.version + 1 };
    await writePayment(context, it, after);
    const arrived = received.of(it, after, { received: amount, receivedIn: currency });
    const more = 'why' in placed ? [kept.of(it, after, { reason: placed.why })] : placed.events;
    const how = 'why' in placed ? `is kept: ${placed.why}` : 'is recorded with the invoice';
    return { events: [arrived, ...more], after, say: `${amountOf(came)} by ${called(it)} ${how}.` };
  },
});
