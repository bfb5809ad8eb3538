import express from 'express';
import { moneyText } from '../../core/kernel/money.ts';
import { fromStripe } from '../../integrations/stripe/amounts.ts';
import type { Bank } from './bank.ts';
import type { Session } from './state.ts';

/** The page on which somebody pays: by card, from a bank, or not at all. */
export function hostedPages(bank: Bank): express.Router {
  const pages = express.Router();
  pages.get('/c/pay/:id', (request, response) => {
    const session = bank.sessions.get(String(request.params.id));
    response
      .status(session ? 200 : 404)
      .type('html')
      .send(session ? pageOf(session) : 'There is no such page.');
  });
  pages.post('/c/pay/:id', express.urlencoded({ extended: false }), (request, response) => {
    const session = bank.sessions.get(String(request.params.id));
    if (!session) return void response.status(404).send('There is no such page.');
    const { how } = request.body as { how?: string };
    if (session.status === 'open' && (how === 'card' || how === 'bank')) bank.pay(session.id, how);
    response.redirect(303, how === 'cancel' && session.cancelUrl ? session.cancelUrl : session.successUrl);
  });
  return pages;
}

function pageOf(session: Session): string {
  const amount = fromStripe(session.amount, session.currency);
  const text = amount
    ? moneyText({ amount: BigInt(amount.amount), currency: amount.currency })
    : String(session.amount);
  const button = (how: string, label: string) => `<button name="how" value="${how}">${label}</button>`;
  const body =
    session.status === 'open'
      ? `<form method="post">${button('card', `Pay ${text} by card`)} ${button('bank', 'Pay from a bank')} ${button('cancel', 'Back')}</form>`
      : `<p>${session.status === 'complete' ? 'This was paid.' : 'This link has ended.'}</p>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Pay ${escaped(session.name)}</title>
<main><h1>${escaped(session.name)}</h1><p>${text}</p>${body}<p>A stand-in of Stripe: no money moves.</p></main></html>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
