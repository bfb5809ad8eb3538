import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { fileName } from '../kernel/text.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import type { Bill } from './document/bill.ts';
import { billOf } from './document/bill.ts';
import { isComplete, lacksOf } from './document/e-invoice.ts';
import { documentCard, lacksText } from './document-cards.ts';
import { readParties } from './parties.ts';
import { Parties } from './party.ts';
import { readInvoice } from './queries.ts';
import { mayRead } from './rules.ts';
import { Invoice } from './schema.ts';
import { calledOf, numberOf } from './wording.ts';

const input = z.strictObject({ invoice: z.uuid() });
const Document = z.strictObject({
  invoice: Invoice.describe('The invoice'),
  parties: Parties.describe('Whom it names'),
});
type Document = z.infer<typeof Document>;

// What writes PDF and XML takes 20 MiB: a process loads it with the first document that it is asked for.

/** What an issued invoice says as a PDF; where nothing is missing for it, with the e-invoice inside (Factur-X). */
export const invoicePdf = view({
  name: 'invoice.pdf',
  module: 'billing',
  input,
  output: Document,
  read: readDocument,
  card: (document, drawing) => documentCard(document.invoice, 'pdf', pdfText(document), drawing),
  file: async (document) => {
    const bill = billOf(document.invoice, document.parties);
    const [{ pdfOf }, { ciiOf }] = await Promise.all([import('./document/pdf.ts'), import('./document/cii.ts')]);
    const content = await pdfOf(bill, isHybrid(document) ? ciiOf(bill) : null);
    return { name: named(bill, 'pdf'), type: 'application/pdf', content };
  },
});

/** The same for programs alone: UBL 2.1 by the rules of EN 16931. */
export const invoiceUbl = view({
  name: 'invoice.ubl',
  module: 'billing',
  input,
  output: Document,
  read: async (context, asked) => {
    const document = await readDocument(context, asked);
    const lacks = lacksOf(document.invoice.content, document.parties);
    const why = document.invoice.state.status === 'void' ? 'it is void' : lacksText(lacks, document.invoice);
    if (!isHybrid(document))
      throw new DomainError('not_found', `There is no e-invoice of ${calledOf(document.invoice)}: ${why}.`);
    return document;
  },
  card: ({ invoice }, drawing) =>
    documentCard(
      invoice,
      'ubl',
      'An e-invoice by EN 16931, in the syntax of UBL 2.1. It is for programs to read.',
      drawing,
    ),
  file: async ({ invoice, parties }) => {
    const bill = billOf(invoice, parties);
    const { ublOf } = await import('./document/ubl.ts');
    return { name: named(bill, 'xml'), type: 'application/xml', content: ublOf(bill) };
  },
});

async function readDocument(context: Context, { invoice: id }: z.infer<typeof input>): Promise<Document> {
  const invoice = there(await readInvoice(context, id));
  allow(mayRead(context.actor, invoice));
  // A draft has no document: nothing may look like an invoice that is none.
  there(numberOf(invoice));
  return { invoice, parties: await readParties(context, invoice) };
}

/** An e-invoice cannot say that it is void. */
function isHybrid({ invoice, parties }: Document): boolean {
  return invoice.state.status !== 'void' && isComplete(lacksOf(invoice.content, parties));
}

function pdfText(document: Document): string {
  const paper = document.parties.paper === 'A4' ? 'A4' : 'Letter';
  return isHybrid(document)
    ? `For pages of ${paper}, with the e-invoice inside (Factur-X, PDF/A-3).`
    : `For pages of ${paper} (PDF/A-3).`;
}

function named({ name }: Bill, ending: string): string {
  return fileName(`${name}.${ending}`);
}
