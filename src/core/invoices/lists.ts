import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import type { Button, ListItem } from '../kernel/card.ts';
import { dayText } from '../kernel/dates.ts';
import { choice, optional } from '../kernel/field.ts';
import { list } from '../kernel/list.ts';
import { there } from '../kernel/thing-definition.ts';
import { isTeam } from '../people/index.ts';
import { statusLabel } from './cards.ts';
import { invoice as thing } from './invoice.ts';
import { orderOf, pageOfInvoices, SHELVES } from './list-queries.ts';
import { mayBill } from './rules.ts';
import { ListedInvoice } from './schema.ts';
import { readClient } from './statement-queries.ts';
import { called, digitsOf, KIND_LABELS, money } from './wording.ts';

const state = optional(
  choice(SHELVES, {
    label: 'State',
    labels: {
      draft: 'Drafts',
      open: 'To be paid',
      overdue: 'Overdue',
      paid: 'Settled',
      credit: 'Credit notes',
      void: 'Void',
    },
  }),
);

/** The invoices that the actor may see, the newest first; what is overdue, by how long it is. */
export const listInvoices = list({
  name: 'invoice.list',
  module: 'billing',
  word: { say: 'invoices', label: 'Invoices', about: 'what is to be paid, and what was' },
  filters: { state },
  item: ListedInvoice,
  summary: z.strictObject({}),
  order: orderOf,
  rows: (context, page, { state: shelf }) => pageOfInvoices(context, page, { shelf }),
  summarize: async () => ({}),
  face: (_list, { actor }) => ({
    title: 'Invoices',
    line: (item) => lineOf(item, actor, true),
    empty: mayBill(actor) ? 'No invoices yet. Draft the first one.' : 'No invoices yet.',
    actions: mayBill(actor) ? [DRAFT, BILL, HOURS] : [],
    fallback: 'Invoices.',
  }),
});

/** The same, of one client. */
export const listOfClient = list({
  name: 'invoice.of-client',
  module: 'billing',
  within: { client: z.uuid() },
  filters: { state },
  item: ListedInvoice,
  summary: z.strictObject({ clientName: z.string().describe('What the client is called') }),
  order: orderOf,
  rows: (context, page, { client, state: shelf }) => pageOfInvoices(context, page, { client, shelf }),
  summarize: async (context, { client }) => ({ clientName: there(await readClient(context, client)).name }),
  face: ({ summary: { clientName } }, { actor }, { client }) => ({
    title: `Invoices of ${clientName}`,
    line: (item) => lineOf(item, actor, false),
    empty: 'No invoices yet.',
    actions: [
      {
        kind: 'button',
        label: 'Statement',
        word: 'STATEMENT',
        press: { target: 'invoice.statement', input: { client } },
      },
    ],
    fallback: `Invoices of ${clientName}.`,
  }),
});

const DRAFT: Button = {
  kind: 'button',
  label: 'Draft an invoice…',
  word: 'DRAFT',
  press: { target: 'invoice.draft', input: {} },
};
const BILL: Button = {
  kind: 'button',
  label: 'Bill a quote…',
  word: 'BILL',
  press: { target: 'invoice.bill-quote', input: {} },
};

const HOURS: Button = {
  kind: 'button',
  label: 'Bill hours…',
  word: 'HOURS',
  press: { target: 'invoice.bill-hours', input: {} },
};

function lineOf(item: ListedInvoice, actor: Actor, withClient: boolean): ListItem {
  const { id, kind, status, overdue, clientName, projectName, title, gross, due, currency, dueOn } = item;
  const isOpen = status === 'open' || status === 'partly_paid';
  const detail = [
    ...(kind === 'deposit' ? [KIND_LABELS.deposit] : []),
    overdue ? 'Overdue' : statusLabel(kind, status),
    money(gross, currency),
    ...(isOpen && due !== gross ? [`${money(due, currency)} due`] : []),
    ...(isOpen && dueOn ? [`until ${dayText(dueOn)}`] : []),
    ...(withClient && isTeam(actor) ? [clientName] : []),
    ...(projectName ? [projectName] : []),
  ].join(' · ');
  return {
    text: `${called(item)} ${title}`,
    detail,
    mark: isOpen || status === 'draft' ? 'open' : 'done',
    button: thing.opening(id, 'Open', `OPEN${digitsOf(called(item))}`),
  };
}
