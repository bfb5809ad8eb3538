import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Choice } from '../kernel/field.ts';
import type { VatShare } from '../kernel/vat.ts';
import { priceOf } from './price.ts';
import { acceptedQuotes, quoteForUpdate, readQuote } from './queries.ts';
import type { Quote } from './schema.ts';
import { called, shown, standingText } from './wording.ts';

/** What a client has agreed to pay by a quote: what invoices are made of. */
export interface Agreed
  extends Pick<Quote, 'clientId' | 'clientName' | 'firmName' | 'projectId' | 'projectName' | 'timezone'> {
  quoteId: string;
  acceptedAt: Date;
  /** "Q-12" */
  called: string;
  title: string;
  currency: string;
  rounding: Quote['content']['rounding'];
  /** What is billed once or again and again, without the options that were not taken. */
  lines: Quote['content']['lines'];
  /** What is billed once, by rate. */
  shares: VatShare[];
  /** With tax; 0 where none was agreed on. */
  deposit: bigint;
}

/**
 * Locks the quote, so that of two who bill it at once the second finds what the first one billed.
 * @throws DomainError conflict for a quote that was not accepted: nothing is owed by it
 */
export async function agreedForUpdate(context: Context, id: string): Promise<Agreed | null> {
  const quote = await quoteForUpdate(context, id);
  if (!quote) return null;
  const { state, content } = quote;
  if (state.status !== 'accepted')
    throw new DomainError('conflict', `${standingText(quote)} Only what was accepted is billed.`, {
      show: shown(quote),
    });
  const { taken } = state.acceptance;
  const { sums, deposit } = priceOf(content, taken);
  const { clientId, clientName, firmName, projectId, projectName, timezone } = quote;
  return {
    ...{ clientId, clientName, firmName, projectId, projectName, timezone },
    ...{ quoteId: quote.id, acceptedAt: state.acceptance.at, called: called(quote), title: content.title },
    ...{ currency: content.currency, rounding: content.rounding, deposit: BigInt(deposit) },
    lines: content.lines.filter(({ number, optional }) => !optional || taken.includes(number)),
    shares: (sums[0]?.shares ?? []).map(({ vat, net, tax }) => ({ vat, net: BigInt(net), tax: BigInt(tax) })),
  };
}

/** What can be billed: what was accepted last stands first, and the wanted one before it. */
export async function agreedChoices(context: Context, wanted: string | null): Promise<Choice[]> {
  const quotes = await acceptedQuotes(context, wanted);
  return quotes.map(({ id, number, title, clientName }) => ({
    value: id,
    label: `${called({ number })} ${title} (${clientName})`,
  }));
}

/** What a quote is called; null for whoever does not see it. */
export async function nameOfQuote(context: Context, id: string): Promise<string | null> {
  const quote = await readQuote(context, id);
  return quote && called(quote);
}
