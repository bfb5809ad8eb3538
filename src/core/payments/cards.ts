import type { Action, Block, Button, Card, Tone } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import type { Drawing } from '../kernel/view.ts';
import { isTeam } from '../people/index.ts';
import { payment as thing } from './payment.ts';
import { isPayable } from './rules.ts';
import type { Payment, Refund, Status } from './schema.ts';
import { amountOf, called, LABELS } from './wording.ts';

const TONES: Readonly<Record<Status, Tone>> = {
  asked: 'info',
  open: 'attention',
  processing: 'info',
  paid: 'good',
  kept: 'attention',
  closed: 'neutral',
  failed: 'danger',
  expired: 'neutral',
  withdrawn: 'neutral',
};

/** The link to pay, or what came of it. */
export function paymentCard(it: Payment, { actor, now }: Pick<Drawing, 'actor' | 'now'>): Card {
  const isOver = it.status === 'open' && !isPayable(it, now);
  const status = LABELS[isOver ? 'expired' : it.status];
  const title = `${amountOf(it)} for ${it.number}`;
  return {
    title,
    tone: it.dispute?.state === 'open' ? 'danger' : TONES[isOver ? 'expired' : it.status],
    status,
    blocks: [
      { kind: 'text', text: standingText(it, isOver, isTeam(actor)) },
      ...disputeBlock(it, isTeam(actor)),
      { kind: 'facts', facts: factsOf(it, isTeam(actor), actor.timezone) },
      ...refundsBlock(it, isTeam(actor), actor.timezone),
    ],
    actions: [...payLink(it, now), ...againButton(it), ...thing.buttons(it, actor), openInvoice(it)],
    fallback: `${called(it)}: ${title} (${status.toLowerCase()})`,
    about: { entity: thing.name, id: it.id, version: it.version },
  };
}

function payLink(it: Payment, now: Date): Action[] {
  return it.url && isPayable(it, now) ? [{ kind: 'link', label: `Pay ${amountOf(it)}`, url: it.url }] : [];
}

/** Whoever was faster than the link is not left where nothing changes: what was opened for one person is not drawn anew by itself. */
function againButton({ id, status }: Payment): Button[] {
  return status === 'asked' ? [thing.opening(id, 'Look again', 'AGAIN')] : [];
}

function openInvoice({ invoiceId, number }: Payment): Button {
  const press = { target: 'invoice.show', input: { invoice: invoiceId } };
  return { kind: 'button', label: `Open ${number}`, word: 'INVOICE', press };
}

function standingText(it: Payment, isOver: boolean, forTeam: boolean): string {
  const again = 'Press “Pay” on the invoice for a new link.';
  if (isOver) return `The link has ended. ${again}`;
  switch (it.status) {
    case 'asked':
      return 'The link is being made. It comes in a moment.';
    case 'open':
      return `Pay ${amountOf(it)} by card or from your bank, on a page of whoever takes payments for ${it.firmName}.`;
    case 'processing':
      return 'The bank is at work. This can take some days; nothing more is to be done.';
    case 'paid':
      return 'It is paid. Thank you!';
    case 'kept':
      return forTeam
        ? `It arrived and could not be recorded: ${it.reason}. Record it when that is mended, pay it back, or close it.`
        : `It arrived. ${it.firmName} looks at how it is settled.`;
    case 'closed':
      return forTeam && it.reason ? `Closed: ${it.reason}.` : 'Nothing more is to be done.';
    case 'failed':
      return `It was not paid: ${it.reason}. ${again}`;
    case 'expired':
      return `The link has ended. ${again}`;
    case 'withdrawn':
      return 'The link is withdrawn: less is to be paid now, or nothing.';
  }
}

function disputeBlock({ dispute, currency }: Payment, forTeam: boolean): Block[] {
  if (!dispute || !forTeam) return [];
  const amount = amountOf({ amount: dispute.amount, currency });
  const texts = {
    open: `Whoever paid disputes ${amount} at their bank (${dispute.reason}). Answer where payments are taken; the bank sets a date for it.`,
    won: `The dispute about ${amount} was won.`,
    lost: `The dispute about ${amount} was lost, and the money went back. Undo the payment at the invoice if it is to be paid again.`,
  };
  return [{ kind: 'text', text: texts[dispute.state] }];
}

function factsOf(it: Payment, forTeam: boolean, timezone: string): { label: string; value: string }[] {
  const { clientName, byName, askedAt, expiresAt, received, receivedIn, receivedAt } = it;
  const came = received !== null && receivedIn ? amountOf({ amount: received, currency: receivedIn }) : null;
  const facts: [string, string | null][] = [
    ['Client', forTeam ? clientName : null],
    ['Asked for', `${amountOf(it)} by ${byName}, ${momentText(askedAt, timezone)}`],
    ['Until', it.status === 'open' && expiresAt ? momentText(expiresAt, timezone) : null],
    ['Arrived', came && receivedAt ? `${came}, ${momentText(receivedAt, timezone)}` : null],
  ];
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

/** So many stand on the card; an invoice is paid back in a few parts. */
const MOST_REFUNDS = 10;

function refundsBlock({ refunds, currency }: Payment, forTeam: boolean, timezone: string): Block[] {
  if (!refunds.length) return [];
  const items = refunds.slice(-MOST_REFUNDS).map((one) => ({
    text: `${amountOf({ amount: one.amount, currency })}, ${momentText(new Date(one.at), timezone)}`,
    detail: forTeam ? REFUND_SAYS[one.state] : '',
  }));
  return [{ kind: 'list', title: 'Paid back', items }];
}

const REFUND_SAYS: Readonly<Record<Refund['state'], string>> = {
  recorded: 'recorded with the invoice',
  loose: 'not recorded: credit the invoice, then press “Record now”',
  settled: 'not recorded with the invoice',
  failed: 'did not arrive',
};
