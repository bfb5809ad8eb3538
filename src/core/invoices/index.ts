import { announce, reactTo } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { depositDue } from '../quotes/index.ts';
import * as commands from './commands.ts';
import { invoicePdf, invoiceUbl } from './document-views.ts';
import {
  credited,
  drafted,
  invoice,
  issued,
  noted,
  overdue,
  paid,
  reminded,
  replied,
  sentAgain,
  voided,
} from './invoice.ts';
import { listInvoices, listOfClient } from './lists.ts';
import { mayBill, mayNameSeller } from './rules.ts';
import { invoiceSchedule } from './schedule.ts';
import { invoiceFigures, invoicesOfClients } from './standing.ts';
import { showStatement } from './statement.ts';
import { showInvoice, showMessage, showThread } from './views.ts';
import { waitingInvoices } from './waiting.ts';

export { plainLine } from './content.ts';
export {
  credited as invoiceCredited,
  drafted,
  invoice,
  paymentRecorded,
  voided as invoiceVoided,
} from './invoice.ts';
export type { Placed } from './money-arrived.ts';
export { placePayment, placeRefund } from './money-arrived.ts';
export { storeDraft } from './new-draft.ts';
export { amountField, readPayment as readPaid } from './payment-fields.ts';
export { readInvoice } from './queries.ts';
export { dueOf, isOpen as isToPay, mayBill, mayIssue, mayRead as mayReadInvoice } from './rules.ts';
export type { Invoice } from './schema.ts';
export { calledOf as calledInvoice, money } from './wording.ts';

/** What clients owe: billed by the firm, paid or credited, reminded of until nothing is due. */
export const invoices = area({
  name: 'invoices',
  things: [invoice],
  commands: Object.values(commands),
  views: [showInvoice, showThread, showMessage, invoicePdf, invoiceUbl, listInvoices, listOfClient, showStatement],
  message: 'invoice.message',
  reactions: [
    // The deposit is asked for as soon as it is owed: the firm looks at the draft and issues it.
    reactTo(depositDue, ({ about }) => ({ name: 'invoice.bill-quote', input: { quote: about.id, what: 'deposit' } })),
  ],
  announcements: [
    // The lasting card of the invoice: who has it sees it change in place, and by mail it is news.
    ...[drafted, paid, voided, credited].map((on) =>
      announce<unknown>(on, 'card', ({ about }) => invoice.showing(about.id)),
    ),
    // Somebody is asked to pay, or to ask why nobody did.
    ...[issued, sentAgain].map((on) => announce<unknown>(on, 'alert', ({ about }) => invoice.showing(about.id))),
    // Nobody is reminded of what was settled before the reminder reached them.
    ...[reminded, overdue].map((on) =>
      announce<unknown>(on, 'alert', ({ about }) => invoice.showing(about.id), { until: [paid, voided, credited] }),
    ),
    // What was said, as a message of its own in the thread of the invoice's card.
    ...[replied, noted].map((on) =>
      announce(on, 'reply', ({ data }) => ({ target: 'invoice.message', input: { message: data.message } })),
    ),
  ],
  waiting: [{ thing: invoice, read: waitingInvoices }],
  figures: [{ thing: invoice, read: invoiceFigures }],
  standings: [{ of: 'client', thing: invoice, read: invoicesOfClients }],
  menu: [
    { label: 'Invoices', press: { target: 'invoice.list', input: {} } },
    { label: 'Draft an invoice…', press: { target: 'invoice.draft', input: {} }, who: mayBill },
    { label: 'Bill a quote…', press: { target: 'invoice.bill-quote', input: {} }, who: mayBill },
    { label: 'Bill hours…', press: { target: 'invoice.bill-hours', input: {} }, who: mayBill },
    { label: 'What an hour costs…', press: { target: 'invoice.set-rate', input: {} }, who: mayBill },
    { label: 'How a client is billed…', press: { target: 'invoice.set-buyer', input: {} }, who: mayBill },
    { label: 'How you bill…', press: { target: 'invoice.set-seller', input: {} }, who: mayNameSeller },
  ],
  schedules: [invoiceSchedule],
});
