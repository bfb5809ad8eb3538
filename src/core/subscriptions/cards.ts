import { mayBill } from '../invoices/index.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Block, Button, Card } from '../kernel/card.ts';
import { dayText, momentText } from '../kernel/dates.ts';
import { capital } from '../kernel/field.ts';
import { moneyText } from '../kernel/money.ts';
import { netOf, pricedText } from '../kernel/priced-line.ts';
import { totalsOf } from '../kernel/vat.ts';
import { isTeam } from '../people/index.ts';
import { nextOn } from './periods.ts';
import type { Subscription } from './schema.ts';
import { subscription as thing } from './subscription.ts';
import { calledOf, EVERY_SAYS } from './wording.ts';

export const LABELS = { running: 'Running', ended: 'Ended' } as const;

/** What is billed again and again, since when and when next, and what this actor may do about it. */
export function subscriptionCard(it: Subscription, actor: Actor): Card {
  const { content, state, every } = it;
  const label = LABELS[state.status];
  return {
    title: `${it.title}: ${EVERY_SAYS[every]}`,
    tone: state.status === 'running' ? 'good' : 'neutral',
    status: label,
    blocks: [
      ...endBlock(it, actor),
      { kind: 'facts', facts: factsOf(it, actor) },
      {
        kind: 'list',
        title: `What is billed ${EVERY_SAYS[every]}`,
        items: content.lines.map((line) => ({
          text: `${line.number}. ${line.text}`,
          detail: pricedText(line, content.currency),
        })),
      },
      sumsBlock(it),
    ],
    actions: [...thing.buttons(it, actor), quoteButton(it), ...(mayBill(actor) ? [INVOICES] : [])],
    fallback: `${calledOf(it)}: ${label.toLowerCase()}`,
    about: { entity: 'subscription', id: it.id, version: it.version },
  };
}

function endBlock({ state }: Subscription, { timezone }: Actor): Block[] {
  if (state.status === 'running') return [];
  return [{ kind: 'text', text: `Ended by ${state.byName}, ${momentText(state.at, timezone)}: ${state.reason}` }];
}

function factsOf(it: Subscription, actor: Actor): { label: string; value: string }[] {
  const next = nextOn(it);
  const facts: [string, string | null][] = [
    ['Client', isTeam(actor) ? it.clientName : null],
    ['Project', it.projectName],
    ['Agreed on by', it.called],
    ['From', dayText(it.startsOn)],
    ['Next period', next && `${dayText(next)} (${it.timezone})`],
    // A draft is the firm's alone.
    ['Periods billed', isTeam(actor) ? String(it.billed) : null],
  ];
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

function sumsBlock({ content: { lines, rounding, currency }, every }: Subscription): Block {
  const { net, tax, gross } = totalsOf(
    lines.map((line) => ({ net: netOf(line), vat: line.vat })),
    rounding,
  );
  const text = (amount: bigint) => moneyText({ amount, currency });
  return {
    kind: 'facts',
    facts: [
      { label: 'Without tax', value: text(net) },
      { label: 'Tax', value: text(tax) },
      { label: capital(EVERY_SAYS[every]), value: text(gross) },
    ],
  };
}

function quoteButton({ quoteId }: Subscription): Button {
  return {
    kind: 'button',
    label: 'Open the quote',
    word: 'QUOTE',
    press: { target: 'quote.show', input: { quote: quoteId } },
  };
}

const INVOICES: Button = {
  kind: 'button',
  label: 'Invoices',
  word: 'INVOICES',
  press: { target: 'invoice.list', input: {} },
};
