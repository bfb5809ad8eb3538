import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { quoteCard } from './cards.ts';
import { Price, priceOf } from './price.ts';
import { readQuote } from './queries.ts';
import { mayRead } from './rules.ts';
import { Quote } from './schema.ts';

/** What is offered, what it comes to, and what may be done about it. */
export const showQuote = view({
  name: 'quote.show',
  module: 'billing',
  input: z.strictObject({ quote: z.uuid() }),
  output: z.strictObject({ quote: Quote, price: Price.describe('With the options that were taken; none before that') }),
  read: async (context, { quote: id }) => {
    const quote = await found(context, id);
    const taken = quote.state.status === 'accepted' ? quote.state.acceptance.taken : [];
    return { quote, price: priceOf(quote.content, taken) };
  },
  card: ({ quote }, { actor }) => quoteCard(quote, actor),
});

async function found(context: Context, id: string): Promise<Quote> {
  const quote = there(await readQuote(context, id));
  allow(mayRead(context.actor, quote));
  return quote;
}
