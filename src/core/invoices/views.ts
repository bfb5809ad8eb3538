import { z } from 'zod';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { invoiceCard } from './cards.ts';
import { dataOf, sumsOf } from './content.ts';
import { lacksOf } from './document/e-invoice.ts';
import { withDocuments } from './document-cards.ts';
import { readParties } from './parties.ts';
import { readInvoice } from './queries.ts';
import { dueOf, mayRead } from './rules.ts';
import { InvoiceData } from './schema.ts';
import { isOverdue } from './wording.ts';

/** What is billed, what of it was paid and credited, and what may be done about it. */
export const showInvoice = view({
  name: 'invoice.show',
  module: 'billing',
  input: z.strictObject({ invoice: z.uuid() }),
  output: InvoiceData,
  read: async (context, { invoice: id }) => {
    const invoice = there(await readInvoice(context, id));
    allow(mayRead(context.actor, invoice));
    const lacks = lacksOf(invoice.content, await readParties(context, invoice));
    const sums = dataOf(sumsOf(invoice.content));
    return { invoice, sums, due: dueOf(invoice), overdue: isOverdue(invoice, context.now), lacks };
  },
  card: ({ invoice, lacks }, drawing) =>
    withDocuments(invoiceCard(invoice, drawing.actor, drawing.now), invoice, lacks, drawing),
});
