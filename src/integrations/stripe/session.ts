import type { Stripe } from 'stripe';
import type { Payment } from './account.ts';

/** What a link may carry of ours: whatever comes by it says which payment it is. */
interface Marks {
  parley_payment: string;
  parley_invoice: string;
  [more: string]: string;
}

/**
 * A page of Stripe's on which a payment is made. Which ways to pay it offers (cards, SEPA, ACH) the account's own settings say.
 * @param amount as Stripe counts it
 * @param page where whoever paid, or did not, comes back to
 */
export function sessionOf(payment: Payment, amount: number, page: string): Stripe.Checkout.SessionCreateParams {
  const marks: Marks = { parley_payment: payment.id, parley_invoice: payment.number };
  return {
    mode: 'payment',
    client_reference_id: payment.id,
    line_items: [
      {
        quantity: 1,
        price_data: {
          currency: payment.currency.toLowerCase(),
          unit_amount: amount,
          product_data: { name: `${payment.number} · ${payment.firmName}` },
        },
      },
    ],
    // What is paid is what is owed: neither another currency nor a discount of Stripe's stands between.
    adaptive_pricing: { enabled: false },
    metadata: marks,
    payment_intent_data: { metadata: marks, description: `${payment.number}, ${payment.clientName}` },
    success_url: page,
    cancel_url: page,
  };
}
