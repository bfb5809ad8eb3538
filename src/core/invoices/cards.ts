import type { Thread } from '../conversations/index.ts';
import { conversation, earlierButton, SILENCE } from '../conversations/index.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Block, Button, Card, ListItem, Tone } from '../kernel/card.ts';
import { dayText, momentText } from '../kernel/dates.ts';
import { pricedText } from '../kernel/priced-line.ts';
import { remindedBlocks } from '../kernel/remind-on.ts';
import { vatText } from '../kernel/vat.ts';
import { isTeam } from '../people/index.ts';
import { monthsOf } from './billed-hours.ts';
import type { Line } from './content.ts';
import { dataOf, sumsOf } from './content.ts';
import { entriesBlock } from './entry-cards.ts';
import { invoice as thing } from './invoice.ts';
import { dueOf, isDraft, isOpen, isOwedBack } from './rules.ts';
import type { Invoice, Status } from './schema.ts';
import { calledOf, isOverdue, KIND_LABELS, LABELS, money, numberOf } from './wording.ts';

/** What is billed and what it comes to, how much of it is due until when, and what this actor may do about it. */
export function invoiceCard(it: Invoice, actor: Actor, now: Date, thread: Thread = SILENCE): Card {
  const { content, state } = it;
  const status = isOverdue(it, now) ? 'Overdue' : statusLabel(it.kind, state.status);
  const name = `${KIND_LABELS[it.kind]} ${numberOf(it) ?? ''}`.trim();
  return {
    title: `${isDraft(it) ? `${calledOf(it)}:` : name} ${content.title}`,
    tone: isOverdue(it, now) ? 'danger' : TONES[state.status],
    status,
    blocks: [
      ...(isOpen(it) ? remindedBlocks(it, actor) : []),
      ...standing(it, actor),
      { kind: 'facts', facts: factsOf(it, actor) },
      { kind: 'list', title: 'What is billed', items: content.lines.map((line) => lineItem(it, line, actor)) },
      ...sumsBlock(it),
      ...entriesBlock(it),
      ...(content.notes ? [{ kind: 'text' as const, text: content.notes }] : []),
      ...conversation(thread, (at) => momentText(at, actor.timezone)),
    ],
    actions: [...thing.buttons(it, actor), ...earlierButton(thing, it.id, thread), ...otherButtons(it, actor)],
    fallback: `${isDraft(it) ? calledOf(it) : name} ${content.title}: ${money(it.gross, content.currency)} (${status.toLowerCase()})`,
    about: { entity: 'invoice', id: it.id, version: it.version },
  };
}

export function statusLabel(kind: Invoice['kind'], status: Status): string {
  return kind === 'credit' && status === 'credited' ? 'Credit note' : LABELS[status];
}

const TONES: Readonly<Record<Status, Tone>> = {
  draft: 'neutral',
  open: 'attention',
  partly_paid: 'attention',
  paid: 'good',
  credited: 'neutral',
  void: 'neutral',
};

/** What the reader looks for first. */
function standing(it: Invoice, { timezone }: Actor): Block[] {
  const { state, firmName, dueOn, content } = it;
  const text = (words: string): Block[] => [{ kind: 'text', text: words }];
  if (state.status === 'draft')
    return [{ kind: 'text', text: 'The client sees nothing of it until it is issued.', subtle: true }];
  if (state.status === 'void')
    return text(`${firmName} voided it, ${momentText(state.ended.at, timezone)}: ${state.ended.reason}`);
  if (isOpen(it)) {
    const by = dueOn ? ` by the end of ${dayText(dueOn)} (${it.timezone})` : '';
    return text(`${money(dueOf(it), content.currency)} is to be paid${by}.`);
  }
  return isOwedBack(it) ? text(`${money(-dueOf(it), content.currency)} is to be paid back.`) : [];
}

function factsOf(it: Invoice, actor: Actor): { label: string; value: string }[] {
  const { clientName, projectName, corrects, state } = it;
  const issued = 'issued' in state ? state.issued : null;
  const facts: [string, string | null][] = [
    ['Client', isTeam(actor) ? clientName : null],
    ['Project', projectName],
    ['Corrects', corrects?.number ?? null],
    ['Issued', issued ? `${dayText(issued.on)} by ${issued.byName}` : null],
    ['Last day to pay', lastDayText(it)],
  ];
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

function lastDayText(it: Invoice): string | null {
  if (it.kind === 'credit') return null;
  if (it.dueOn) return dayText(it.dueOn);
  return isDraft(it) ? '14 days after it is issued' : null;
}

function lineItem(it: Invoice, line: Line, actor: Actor): ListItem {
  return {
    text: `${line.number}. ${line.text}`,
    detail: pricedText(line, it.content.currency),
    ...changeButton(it, line, actor),
  };
}

/** Where the draft may be written, each line can be changed that is no amount that was agreed on and bills no hours. */
function changeButton(it: Invoice, { number, tax, hours }: Line, actor: Actor): { button?: Button } {
  if (tax !== null || hours || !thing.buttons(it, actor, ['invoice.add-line']).length) return {};
  const input = { invoice: it.id, version: String(it.version), line: String(number) };
  const press = { target: 'invoice.change-line', input };
  return { button: { kind: 'button', label: 'Change…', word: `CHANGE${number}`, press } };
}

function sumsBlock(it: Invoice): Block[] {
  const { content, gross, paid, credited } = it;
  const { currency } = content;
  const { net, shares } = dataOf(sumsOf(content));
  const facts = [
    { label: 'Without tax', value: money(net, currency) },
    ...shares.map((share) => ({
      label: `${vatText(share.vat)} on ${money(share.net, currency)}`,
      value: money(share.tax, currency),
    })),
    { label: 'Total', value: money(gross, currency) },
    ...(paid ? [{ label: 'Paid', value: money(paid, currency) }] : []),
    ...(credited ? [{ label: 'Credited', value: money(credited, currency) }] : []),
    ...(isOpen(it) ? [{ label: 'Due', value: money(dueOf(it), currency) }] : []),
  ];
  return [{ kind: 'facts', facts }];
}

/** As many months as a card leads to; the lines name all of them. */
const MOST_MONTHS = 3;

function otherButtons(it: Invoice, actor: Actor): Button[] {
  const { corrects, quoteId, clientId, state } = it;
  const button = (label: string, word: string, target: string, input: Record<string, string>): Button => {
    return { kind: 'button', label, word, press: { target, input } };
  };
  return [
    ...(corrects ? [thing.opening(corrects.id, `Open ${corrects.number}`, 'INVOICE')] : []),
    ...(quoteId ? [button('Open the quote', 'QUOTE', 'quote.show', { quote: quoteId })] : []),
    // A client sees a month once it was sent to them: of what was not signed there may be none.
    ...(isTeam(actor) ? monthsOf(it) : [])
      .slice(0, MOST_MONTHS)
      .map((period, index) => button('The hours', `MONTH${index + 1}`, 'period.show', { period })),
    ...(state.status === 'draft' ? [] : [button('Statement', 'STATEMENT', 'invoice.statement', { client: clientId })]),
  ];
}
