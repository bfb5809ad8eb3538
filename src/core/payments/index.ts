import { invoice, invoiceCredited, invoiceVoided, paymentRecorded } from '../invoices/index.ts';
import { announce, reactTo } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import * as commands from './commands.ts';
import { disputed, failed, kept, linked, payment, refundLoose, wanted } from './payment.ts';
import { showPayment } from './views.ts';
import { waitingPayments } from './waiting.ts';

/**
 * Payments online: whoever owes presses “Pay”, gets a link, and what comes by it is recorded with the invoice. Which tool takes the
 * payments, it does not know: a connector makes the links and says what came.
 */
export const payments = area({
  name: 'payments',
  things: [payment],
  onto: [invoice],
  commands: Object.values(commands),
  views: [showPayment],
  reactions: [paymentRecorded, invoiceCredited, invoiceVoided].map((on) =>
    reactTo<unknown>(on, ({ about, data }) => ({
      name: 'payment.withdraw-above',
      input: { invoice: about.id, due: Math.max((data as { due: number }).due, 0) },
    })),
  ),
  // The link goes to who asked for it, and is drawn anew as it changes; what the firm is to look at is a message of its own.
  announcements: [
    ...[linked, wanted].map((on) =>
      announce<unknown>(on, 'alert', ({ about }) => payment.showing(about.id), { tier: 'critical', tellsDoer: true }),
    ),
    ...[failed, kept, refundLoose, disputed].map((on) =>
      announce<unknown>(on, 'alert', ({ about }) => payment.showing(about.id)),
    ),
  ],
  waiting: [{ thing: payment, read: waitingPayments }],
});
