import { z } from 'zod';
import { readThread, Thread, talkViews } from '../conversations/index.ts';
import type { Button } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { quoteCard, takenOf } from './cards.ts';
import { Price, priceOf } from './price.ts';
import { readQuote } from './queries.ts';
import { quote as thing } from './quote.ts';
import { mayRead } from './rules.ts';
import { Quote } from './schema.ts';
import { called } from './wording.ts';

/** What is offered, what it comes to, and what may be done about it. */
export const showQuote = view({
  name: 'quote.show',
  module: 'billing',
  input: z.strictObject({ quote: z.uuid() }),
  output: z.strictObject({
    quote: Quote,
    price: Price.describe('With the options that were taken, or that the first who accepted chose; none before that'),
    thread: Thread.describe('What was said last'),
  }),
  read: async (context, { quote: id }) => {
    const [quote, thread] = await Promise.all([found(context, id), readThread(context, { quote: id })]);
    return { quote, price: priceOf(quote.content, takenOf(quote)), thread };
  },
  card: ({ quote, thread }, { actor }) => quoteCard(quote, actor, thread),
});

export const { showThread, showMessage } = talkViews<Quote>({
  ...{ thing, shown: Quote, found, back: backTo },
  named: (it) => `${called(it)} ${it.content.title}`,
  where: ({ projectName, clientName }) => projectName ?? clientName,
});

function backTo(quote: Quote): Button {
  return thing.opening(quote.id, `Open ${called(quote)}`);
}

async function found(context: Context, id: string): Promise<Quote> {
  const quote = there(await readQuote(context, id));
  allow(mayRead(context.actor, quote));
  return quote;
}
