import { z } from 'zod';
import { readThread, Thread, talkViews } from '../conversations/index.ts';
import type { Button } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { invoiceCard } from './cards.ts';
import { dataOf, sumsOf } from './content.ts';
import { lacksOf } from './document/e-invoice.ts';
import { withDocuments } from './document-cards.ts';
import { invoice as thing } from './invoice.ts';
import { readParties } from './parties.ts';
import { readInvoice } from './queries.ts';
import { dueOf, mayRead } from './rules.ts';
import { Invoice, InvoiceData } from './schema.ts';
import { calledOf, isOverdue } from './wording.ts';

/** What is billed, what of it was paid and credited, and what may be done about it. */
export const showInvoice = view({
  name: 'invoice.show',
  module: 'billing',
  input: z.strictObject({ invoice: z.uuid() }),
  output: InvoiceData.extend({ thread: Thread.describe('What was said last') }),
  read: async (context, { invoice: id }) => {
    const [invoice, thread] = await Promise.all([found(context, id), readThread(context, { invoice: id })]);
    const lacks = lacksOf(invoice.content, await readParties(context, invoice));
    const sums = dataOf(sumsOf(invoice.content));
    return { invoice, sums, due: dueOf(invoice), overdue: isOverdue(invoice, context.now), lacks, thread };
  },
  card: ({ invoice, lacks, thread }, drawing) =>
    withDocuments(invoiceCard(invoice, drawing.actor, drawing.now, thread), invoice, lacks, drawing),
});

export const { showThread, showMessage } = talkViews<Invoice>({
  ...{ thing, shown: Invoice, found, back: backTo },
  named: (it) => `${calledOf(it)} ${it.content.title}`,
  where: ({ projectName, clientName }) => projectName ?? clientName,
});

function backTo(it: Invoice): Button {
  return thing.opening(it.id, `Open ${calledOf(it)}`);
}

async function found(context: Context, id: string): Promise<Invoice> {
  const it = there(await readInvoice(context, id));
  allow(mayRead(context.actor, it));
  return it;
}
