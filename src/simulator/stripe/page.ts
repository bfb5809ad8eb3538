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
  const button = (how: string, label: string) =>
    `<button name="how" value="${how}"${how === 'card' ? ' class="first"' : ''}>${label}</button>`;
  const body =
    session.status === 'open'
      ? `<form method="post">${button('card', `Pay ${text} by card`)} ${button('bank', 'Pay from a bank')} ${button('cancel', 'Back')}</form>`
      : `<p>${session.status === 'complete' ? 'This was paid.' : 'This link has ended.'}</p>`;
  return `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Pay ${escaped(session.name)}</title><style>${STYLE}</style>
<main><h1>${escaped(session.name)}</h1><p class="amount">${text}</p>${body}<p>A stand-in of Stripe: no money moves.</p></main></html>`;
}

/** So that it is seen to be somebody else's page, and can be read on any screen. */
const STYLE = `:root{color-scheme:light dark}
body{margin:0;background:light-dark(#f2f4fa,#10131c);font:16px/1.5 system-ui,sans-serif}
main{max-width:420px;margin:8vh auto;padding:28px;border-radius:14px;background:light-dark(#fff,#1a1f2c)}
h1{margin:0;font-size:17px;font-weight:500}
.amount{margin:4px 0 20px;font-size:34px;font-weight:650}
form{display:grid;gap:10px}
button{padding:12px;border:1px solid light-dark(#c4cad8,#4a5268);border-radius:8px;background:none;color:inherit;font:inherit;cursor:pointer}
.first{border-color:light-dark(#4338ca,#a5b4fc);background:light-dark(#4338ca,#a5b4fc);color:light-dark(#fff,#10131c);font-weight:600}
main p:last-child{margin:20px 0 0;font-size:13px;color:light-dark(#5a6274,#a4adc0)}`;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
