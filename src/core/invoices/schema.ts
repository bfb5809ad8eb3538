import { z } from 'zod';
import { instant } from '../kernel/instant.ts';
import { Content, Sums } from './content.ts';
import { Lacks } from './document/e-invoice.ts';

const KINDS = ['invoice', 'deposit', 'credit'] as const;
const STATUSES = ['draft', 'open', 'partly_paid', 'paid', 'credited', 'void'] as const;
export type Status = (typeof STATUSES)[number];
/** What of a quote an invoice bills. `once` is all that is billed once. */
export const PARTS = ['deposit', 'acceptance', 'completion', 'once'] as const;
export type Part = (typeof PARTS)[number];
const ENTRIES = ['issued', 'payment', 'refund', 'undo', 'credit', 'void'] as const;

const units = (what: string) => z.int().describe(`${what}, in the smallest unit of the currency`);

const Issued = z.strictObject({
  number: z.string().describe('Its number'),
  serial: z.int().describe('Which of its firm and year it is: they are counted without a gap'),
  on: z.iso.date().describe('The day on the firm’s calendar'),
  at: instant().describe('When it was issued'),
  byName: z.string().describe('Who issued it'),
});
export type Issued = z.infer<typeof Issued>;

const Ended = z.strictObject({
  byName: z.string().describe('Who voided it'),
  at: instant().describe('When they did'),
  reason: z.string().describe('Why'),
});

/** Where an invoice stands. That it is overdue follows from the day. */
const State = z.discriminatedUnion('status', [
  z.strictObject({ status: z.literal('draft').describe('The client does not see it') }),
  z.strictObject({
    status: z.enum(['open', 'partly_paid', 'paid', 'credited']).describe('How much of it is settled'),
    issued: Issued.describe('Its number, and who issued it when'),
  }),
  z.strictObject({
    status: z.literal('void').describe('Nothing is due by it any more'),
    issued: Issued.nullable().describe('Null where it was discarded as a draft'),
    ended: Ended.describe('Who voided it, and why'),
  }),
]);
export type State = z.infer<typeof State>;

/** What changed how much is owed. */
export const Entry = z.strictObject({
  id: z.uuid().describe('The entry’s id'),
  kind: z.enum(ENTRIES).describe('What it was'),
  day: z.iso.date().describe('The day that counts for it'),
  amount: units('What the client owes more by it, or (below zero) less'),
  currency: z.string().describe('The code of ISO 4217'),
  note: z.string().nullable().describe('What was noted with it'),
  byName: z.string().describe('Who recorded it'),
  undone: z.boolean().describe('Whether it was taken back'),
  reverses: z.uuid().nullable().describe('The payment that it takes back'),
  creditId: z.uuid().nullable().describe('The credit note'),
  creditNumber: z.string().nullable().describe('The number of the credit note'),
});
export type Entry = z.infer<typeof Entry>;

export const Invoice = z.strictObject({
  id: z.uuid().describe('The invoice’s id'),
  seq: z.int().describe('Counts drafts; what a draft is called by'),
  version: z.int().describe('Counts every change; presses carry it'),
  kind: z.enum(KINDS).describe('A credit note reduces what is due by the invoice that it corrects'),
  clientId: z.uuid().describe('The client who owes it'),
  clientName: z.string().describe('What the client is called'),
  firmName: z.string().describe('What the firm is called'),
  firmTimezone: z.string().describe('The firm’s, in which its day of issue is'),
  projectId: z.uuid().nullable().describe('The project that it is for; null for the whole client'),
  projectName: z.string().nullable().describe('What the project is called'),
  timezone: z.string().describe('The client’s, in which the day ends on which it is due'),
  quoteId: z.uuid().nullable().describe('The quote that it was made of'),
  part: z.enum(PARTS).nullable().describe('What of the quote it bills'),
  corrects: z
    .strictObject({ id: z.uuid().describe('Its id'), number: z.string().describe('Its number') })
    .nullable()
    .describe('The invoice that a credit note is about'),
  content: Content.describe('What is billed'),
  gross: units('What it comes to with tax'),
  paid: units('What was paid of it'),
  credited: units('What was credited of it'),
  dueOn: z.iso.date().nullable().describe('The last day to pay; null while a draft leaves it open'),
  deductedIn: z.uuid().nullable().describe('The invoice that takes this deposit off'),
  remindedAt: instant().nullable().describe('When the client was reminded last'),
  overdueAt: instant().nullable().describe('When it was noted that it is overdue'),
  state: State.describe('Where it stands'),
  entries: z.array(Entry).describe('What was paid and credited, oldest first'),
  online: z.boolean().describe('Whether the firm takes payments online'),
  createdAt: instant().describe('When it was drafted'),
});
export type Invoice = z.infer<typeof Invoice>;

/** A view's data of one invoice. */
export const InvoiceData = z.strictObject({
  invoice: Invoice.describe('The invoice'),
  sums: Sums.describe('What it comes to'),
  due: units('What is still to be paid; below zero it is to be paid back'),
  overdue: z.boolean().describe('Whether the last day to pay is over for the client'),
  lacks: Lacks.describe('What is missing for an e-invoice'),
});

/** Where an invoice stands, as events and answers tell it. */
export const Facts = z.strictObject({
  invoice: z.uuid().describe('The invoice’s id'),
  number: z.string().nullable().describe('Null while it is a draft'),
  kind: z.enum(KINDS).describe('An invoice or a credit note'),
  title: z.string().describe('What it is for'),
  status: z.enum(STATUSES).describe('Where it stands'),
  version: z.int().describe('Counts every change of it'),
  currency: z.string().describe('By ISO 4217, like EUR'),
  gross: z.int().describe('What it comes to, tax included, in the smallest unit of the currency'),
  paid: z.int().describe('What was paid of it, likewise'),
  credited: z.int().describe('What was credited of it, likewise'),
  due: z.int().describe('What is still to be paid'),
  dueOn: z.iso.date().nullable().describe('The last day to pay'),
});

/** An invoice as one line of a list. */
export const ListedInvoice = z.strictObject({
  id: z.uuid().describe('The invoice’s id'),
  seq: z.int().describe('Counts drafts'),
  number: z.string().nullable().describe('Its number; null for a draft'),
  kind: z.enum(KINDS).describe('Invoice, deposit, or credit note'),
  title: z.string().describe('What it is for'),
  status: z.enum(STATUSES).describe('Where it stands'),
  overdue: z.boolean().describe('Whether the last day to pay is over for the client'),
  clientName: z.string().describe('Who owes it'),
  projectName: z.string().nullable().describe('For which project'),
  currency: z.string().describe('The code of ISO 4217'),
  gross: z.int().describe('What it comes to with tax, in the smallest unit'),
  due: z.int().describe('What is still to be paid'),
  dueOn: z.iso.date().nullable().describe('The last day to pay'),
});
export type ListedInvoice = z.infer<typeof ListedInvoice>;

/** One line of a client's statement. */
export const StatementLine = Entry.omit({ undone: true, reverses: true, creditId: true }).extend({
  invoiceId: z.uuid().describe('The invoice that it is about'),
  number: z.string().describe('Its number'),
});
export type StatementLine = z.infer<typeof StatementLine>;

/** How a client stands in one currency. */
export const Balance = z.strictObject({
  currency: z.string().describe('The code of ISO 4217'),
  opening: z.int().describe('What was owed as the period began, in the smallest unit'),
  charged: z.int().describe('What came to it by invoices in the period, less what was voided'),
  paid: z.int().describe('What was paid in the period, less what was taken back or paid back'),
  credited: z.int().describe('What was credited in the period'),
  closing: z.int().describe('What is owed now'),
});
export type Balance = z.infer<typeof Balance>;
