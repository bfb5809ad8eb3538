import type { Context } from '../kernel/context.ts';
import type { Vat } from '../kernel/vat.ts';
import { vatText } from '../kernel/vat.ts';
import type { Content } from './content.ts';
import { draft } from './draft.ts';
import { lastBilled, readFirmTimezone } from './queries.ts';
import type { Invoice } from './schema.ts';
import { insertInvoice, nextSeq } from './write.ts';

/** Currency and tax as the firm billed them last. */
export async function lastValues(context: Context): Promise<{ currency?: string; vat?: string }> {
  const last = await lastBilled(context);
  if (!last) return {};
  return { currency: last.currency, ...(last.vat ? { vat: vatText(last.vat as Vat) } : {}) };
}

/** What an invoice is made of: a kind of document, and (with a quote) what of that it bills. */
type Made = Pick<Invoice, 'kind' | 'quoteId' | 'part'>;

export const BY_HAND: Made = { kind: 'invoice', quoteId: null, part: null };

/** Who is billed, and where the work was done. */
type Billed = Pick<Invoice, 'clientId' | 'clientName' | 'firmName' | 'projectId' | 'projectName' | 'timezone'>;

/** Stores a draft. */
export async function storeDraft(
  context: Context,
  { clientId, clientName, firmName, projectId, projectName, timezone }: Billed,
  made: Made,
  content: Pick<Content, 'title' | 'currency' | 'lines'> & Partial<Content>,
): Promise<Invoice> {
  const [seq, firmTimezone] = await Promise.all([nextSeq(context), readFirmTimezone(context)]);
  const whose = { clientId, clientName, firmName, firmTimezone, projectId, projectName, timezone };
  const facts = { id: context.newId(), seq, createdAt: context.now, ...whose, ...made };
  const it = draft(facts, { rounding: 'document', notes: null, ...content });
  await insertInvoice(context, it);
  return it;
}
