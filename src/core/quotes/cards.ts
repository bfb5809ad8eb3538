import { approvalBlocks, standingOf, stillText } from '../approvals/index.ts';
import type { Thread } from '../conversations/index.ts';
import { conversation, earlierButton, SILENCE } from '../conversations/index.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Block, Button, Card, ListItem, Tone } from '../kernel/card.ts';
import { dayText, momentText } from '../kernel/dates.ts';
import { moneyText } from '../kernel/money.ts';
import { remindedBlocks } from '../kernel/remind-on.ts';
import { vatText } from '../kernel/vat.ts';
import { isFirm, isTeam } from '../people/index.ts';
import type { Line } from './content.ts';
import { depositText, lineText } from './content.ts';
import { signersOf } from './offer.ts';
import type { Price, Sum } from './price.ts';
import { priceOf } from './price.ts';
import { quote as thing } from './quote.ts';
import { isDraft, isSent, mayDraft } from './rules.ts';
import type { Quote, Status } from './schema.ts';
import { sureFor } from './sure.ts';
import { called } from './wording.ts';

/** What is offered and what it comes to, how it stands, and what this actor may do about it. */
export function quoteCard(quote: Quote, actor: Actor, thread: Thread = SILENCE): Card {
  const { content, state } = quote;
  const price = priceOf(content, takenOf(quote));
  return {
    title: `${called(quote)} ${content.title}`,
    tone: TONES[state.status],
    status: LABELS[state.status],
    blocks: [
      ...(isSent(quote) ? remindedBlocks(quote, actor) : []),
      ...standing(quote, actor),
      { kind: 'facts', facts: factsOf(quote, price, actor) },
      ...approversBlocks(quote, actor),
      ...linesBlock(quote, actor, false),
      ...linesBlock(quote, actor, true),
      ...price.sums.map((sum) => sumBlock(sum, content.currency)),
      ...(content.notes ? [{ kind: 'text' as const, text: content.notes }] : []),
      ...conversation(thread, (at) => momentText(at, actor.timezone)),
    ],
    actions: [
      ...billButton(quote, actor),
      ...thing.buttons(quote, actor),
      ...earlierButton(thing, quote.id, thread),
      ...otherButton(quote),
    ],
    fallback: `${called(quote)} ${content.title}: ${money(price.sums[0]?.gross ?? 0, content.currency)} (${LABELS[state.status].toLowerCase()})`,
    about: { entity: 'quote', id: quote.id, version: quote.version },
  };
}

export const LABELS: Readonly<Record<Status, string>> = {
  draft: 'Draft',
  sent: 'Waiting for an answer',
  accepted: 'Accepted',
  declined: 'Declined',
  expired: 'Expired',
  superseded: 'Superseded',
  withdrawn: 'Withdrawn',
};

const TONES: Readonly<Record<Status, Tone>> = {
  draft: 'neutral',
  sent: 'attention',
  accepted: 'good',
  declined: 'danger',
  expired: 'neutral',
  superseded: 'neutral',
  withdrawn: 'neutral',
};

/** What was taken; before it is accepted, what the first who accepted chose. */
export function takenOf({ state, signed: [first] }: Quote): number[] {
  if (state.status === 'accepted') return state.acceptance.taken;
  return state.status === 'sent' && first ? first.taken : [];
}

/** Who accepted it, who is missing, whose turn it is. */
function approversBlocks(quote: Quote, actor: Actor): Block[] {
  const { approvers, clientName, state } = quote;
  const signed = quote.signed.map(({ personId, byName, at }) => ({
    ...{ personId, byName, text: momentText(at, actor.timezone) },
  }));
  const of = { approvers, signed, clientName, isTeam: isFirm(actor) };
  return approvalBlocks({ ...of, isOpen: state.status === 'sent', isAgreed: state.status === 'accepted' });
}

/** How it ended, where the reader looks first. */
function standing(quote: Quote, { timezone }: Actor): Block[] {
  const { state, firmName } = quote;
  const text = (words: string): Block[] => [{ kind: 'text', text: words }];
  switch (state.status) {
    case 'draft':
      return [{ kind: 'text', text: 'The client sees nothing of it yet.', subtle: true }];
    case 'sent': {
      const names = quote.signed.map(({ byName }) => byName).join(', ');
      const still = stillText(standingOf(quote.approvers, signersOf(quote)));
      return names ? text(`Accepted by ${names} so far. Still to accept: ${still}.`) : [];
    }
    case 'accepted':
      return text(`Accepted by ${acceptedBy(quote)}, ${momentText(state.acceptance.at, timezone)}.`);
    case 'declined':
      return text(`Declined by ${state.ended.byName}, ${momentText(state.ended.at, timezone)}: ${state.reason}`);
    case 'expired':
      return text('Nobody accepted it in time. Ask for a new one.');
    case 'withdrawn':
      return text(`${firmName} took it back, ${momentText(state.ended.at, timezone)}.`);
    case 'superseded':
      return text(`Another quote was sent in its place, ${momentText(state.ended.at, timezone)}.`);
  }
}

/** All who accepted it, in the order in which they did. */
function acceptedBy({ signed }: Quote): string {
  return signed.map(({ byName }) => byName).join(', ');
}

function factsOf(quote: Quote, { deposit }: Price, actor: Actor): { label: string; value: string }[] {
  const { content, clientName, projectName, timezone, state } = quote;
  const share = content.deposit?.kind === 'share' ? ` (${depositText(content.deposit, content.currency)})` : '';
  const facts: [string, string | null][] = [
    ['Client', isTeam(actor) ? clientName : null],
    ['Project', projectName],
    ['Valid until', `${dayText(content.expiresOn)}, end of day (${timezone})`],
    ['Deposit', content.deposit ? `${money(deposit, content.currency)}${share}` : null],
    [
      'To accept it',
      sureFor(quote) === 'chat' ? 'in a chat in which you are linked, or signed in to the portal' : null,
    ],
    ['Offered by', 'sent' in state ? state.sent.byName : null],
  ];
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

function linesBlock(quote: Quote, actor: Actor, options: boolean): Block[] {
  const lines = quote.content.lines.filter(({ optional }) => optional === options);
  if (!lines.length) return [];
  const items = lines.map((line) => lineItem(quote, line, actor));
  return [{ kind: 'list', title: options ? 'Options, if you want them' : 'What is offered', items }];
}

function lineItem(quote: Quote, line: Line, actor: Actor): ListItem {
  const taken = takenOf(quote);
  return {
    text: `${line.number}. ${line.text}`,
    detail: lineText(line, quote.content.currency),
    ...(line.optional ? { mark: taken.includes(line.number) ? ('done' as const) : ('open' as const) } : {}),
    ...changeButton(quote, line, actor),
  };
}

/** Where the draft may be written, each line can be changed. */
function changeButton(quote: Quote, { number }: Line, actor: Actor): { button?: Button } {
  if (!isDraft(quote) || !thing.buttons(quote, actor, ['quote.add-line']).length) return {};
  const input = { quote: quote.id, version: String(quote.version), line: String(number) };
  const press = { target: 'quote.change-line', input };
  return { button: { kind: 'button', label: 'Change…', word: `CHANGE${number}`, press } };
}

const EVERY: Readonly<Record<Sum['every'], string>> = {
  once: 'Total',
  monthly: 'Every month',
  quarterly: 'Every quarter',
  yearly: 'Every year',
};

function sumBlock({ every, net, shares, gross }: Sum, currency: string): Block {
  const taxes = shares.map((share) => ({
    label: `${vatText(share.vat)} on ${money(share.net, currency)}`,
    value: money(share.tax, currency),
  }));
  return {
    kind: 'facts',
    facts: [
      { label: every === 'once' ? 'Without tax' : `${EVERY[every]}, without tax`, value: money(net, currency) },
      ...taxes,
      { label: EVERY[every], value: money(gross, currency) },
    ],
  };
}

/** What was agreed on is billed from here, in as many parts as it is billed in. */
function billButton({ id, state }: Quote, actor: Actor): Button[] {
  if (state.status !== 'accepted' || !mayDraft(actor)) return [];
  const press = { target: 'invoice.bill-quote', input: { quote: id } };
  return [{ kind: 'button', label: 'Bill it…', word: 'BILL', press }];
}

function otherButton({ state }: Quote): Button[] {
  return state.status === 'superseded' ? [thing.opening(state.by, 'Open the new one', 'NEW')] : [];
}

export function money(amount: number, currency: string): string {
  return moneyText({ amount: BigInt(amount), currency });
}
