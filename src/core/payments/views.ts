import { z } from 'zod';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { paymentCard } from './cards.ts';
import { readPayment } from './queries.ts';
import { mayRead } from './rules.ts';
import { Payment } from './schema.ts';

/** The link to pay, or what came of it. */
export const showPayment = view({
  name: 'payment.show',
  module: 'billing',
  input: z.strictObject({ payment: z.uuid() }),
  output: z.strictObject({ payment: Payment.describe('The payment') }),
  read: async (context, { payment: id }) => {
    const payment = there(await readPayment(context, id));
    allow(mayRead(context.actor, payment));
    return { payment };
  },
  card: ({ payment }, drawing) => paymentCard(payment, drawing),
});
