import { z } from 'zod';
import {
  countThread,
  Message,
  messageCard,
  pageOfThread,
  readMessage,
  readThread,
  Thread,
  threadOf,
} from '../conversations/index.ts';
import type { Button } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import { momentText } from '../kernel/dates.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { quoteCard, takenOf } from './cards.ts';
import { Price, priceOf } from './price.ts';
import { readQuote } from './queries.ts';
import { quote as thing } from './quote.ts';
import { mayRead } from './rules.ts';
import { Quote } from './schema.ts';
import { called } from './wording.ts';

/** Messages on the quote's card: enough to answer, short enough for a phone. */
const LAST = 5;

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
    const [quote, thread] = await Promise.all([found(context, id), readThread(context, { quote: id }, LAST)]);
    return { quote, price: priceOf(quote.content, takenOf(quote)), thread };
  },
  card: ({ quote, thread }, { actor }) => quoteCard(quote, actor, thread),
});

/** The whole conversation. */
export const showThread = threadOf({
  name: 'quote.thread',
  thing,
  shown: Quote,
  found,
  page: (context, quote, page) => pageOfThread(context, { quote }, page),
  count: (context, quote) => countThread(context, { quote }),
  when:
    ({ timezone }) =>
    (at) =>
      momentText(at, timezone),
  back: backTo,
});

/** One message. `quoted` unfolds the earlier mail that came with it. */
export const showMessage = view({
  name: 'quote.message',
  module: 'billing',
  input: z.strictObject({ message: z.uuid(), quoted: z.literal('yes').optional() }),
  output: z.strictObject({ quote: Quote.describe('What it is about'), message: Message }),
  read: async (context, { message: id }) => {
    const { message, about } = there(await readMessage(context, id));
    return { quote: await found(context, there(about.quote)), message };
  },
  card: ({ quote, message }, drawing, { quoted }) => {
    const when = (at: Date) => momentText(at, drawing.actor.timezone);
    const about = { thing, it: quote, name: `${called(quote)} ${quote.content.title}` };
    const where = quote.projectName ?? quote.clientName;
    return messageCard({ ...about, where, when, back: backTo(quote) }, message, quoted === 'yes', drawing);
  },
});

function backTo(quote: Quote): Button {
  return thing.opening(quote.id, `Open ${called(quote)}`);
}

async function found(context: Context, id: string): Promise<Quote> {
  const quote = there(await readQuote(context, id));
  allow(mayRead(context.actor, quote));
  return quote;
}
