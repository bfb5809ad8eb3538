import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import type { Block, ListItem } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import { dayText } from '../kernel/dates.ts';
import { choice, optional } from '../kernel/field.ts';
import { list } from '../kernel/list.ts';
import { there } from '../kernel/thing-definition.ts';
import { entryText } from './entry-cards.ts';
import { invoice as thing } from './invoice.ts';
import { readableProjects } from './rules.ts';
import { Balance, StatementLine } from './schema.ts';
import { BEGINNING, balancesOf, END, PERIODS, pageOfEntries, readClient, spanOf } from './statement-queries.ts';
import { digitsOf, money } from './wording.ts';

const period = optional(
  choice(PERIODS, { label: 'Period', labels: { year: 'This year', last: 'Last year', all: 'Everything' } }),
);

/** How a client stands: what was owed before, invoices, payments and credit notes, and what is owed at the end. */
export const showStatement = list({
  name: 'invoice.statement',
  module: 'billing',
  within: { client: z.uuid() },
  filters: { period },
  item: StatementLine,
  summary: z.strictObject({
    clientName: z.string().describe('Whose statement it is'),
    from: z.iso.date().describe('The first day of it'),
    to: z.iso.date().describe('The last day of it'),
    balances: z.array(Balance).describe('How they stand, in each currency'),
  }),
  order: { by: { day: 'day', id: 'id' }, isDown: true },
  rows: async (context, page, input) => {
    const { client, span } = await spanFor(context, input);
    return pageOfEntries(context, page, { client, span });
  },
  summarize: async (context, input) => {
    const { clientName, ...asked } = await spanFor(context, input);
    return { clientName, ...asked.span, balances: await balancesOf(context, asked) };
  },
  face: ({ summary: { clientName, balances, from, to } }, { actor }) => ({
    title: `Statement of ${clientName}`,
    lead: [...spanBlock(from, to), ...partBlock(actor), ...balances.map(balanceBlock)],
    line: lineOf,
    empty: 'Nothing was billed or paid in this time.',
    fallback: `Statement of ${clientName}: ${balances.map(({ closing, currency }) => money(closing, currency)).join(', ') || 'nothing is owed'}`,
  }),
});

async function spanFor(context: Context, input: { client: string; period?: (typeof PERIODS)[number] | undefined }) {
  const { name: clientName, timezone } = there(await readClient(context, input.client));
  return { client: input.client, clientName, span: spanOf(input.period, context.now, timezone) };
}

function spanBlock(from: string, to: string): Block[] {
  if (from === BEGINNING) return [];
  return [
    { kind: 'text', text: to === END ? `Since ${dayText(from)}` : `${dayText(from)} to ${dayText(to)}`, subtle: true },
  ];
}

/** Whoever does not read all of the client's billing is not to take this for all that is owed. */
function partBlock(actor: Actor): Block[] {
  if (readableProjects(actor, 'billing') === null) return [];
  return [{ kind: 'text', text: 'Of the projects whose billing you may read.', subtle: true }];
}

function balanceBlock({ currency, opening, charged, paid, credited, closing }: Balance): Block {
  return {
    kind: 'facts',
    facts: [
      { label: 'Owed before', value: money(opening, currency) },
      { label: 'Billed', value: money(charged, currency) },
      { label: 'Paid', value: money(paid, currency) },
      { label: 'Credited', value: money(credited, currency) },
      { label: closing < 0 ? 'In the client’s favour' : 'Owed', value: money(Math.abs(closing), currency) },
    ],
  };
}

function lineOf({ kind, day, number, creditNumber, amount, currency, note, invoiceId }: StatementLine): ListItem {
  return {
    text: `${dayText(day)} · ${entryText({ kind, creditNumber })} · ${number}`,
    detail: [money(amount, currency), ...(note ? [note] : [])].join(' · '),
    button: thing.opening(invoiceId, 'Open', `OPEN${digitsOf(number)}`),
  };
}
