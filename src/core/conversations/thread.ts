import type { ZodType } from 'zod';
import { z } from 'zod';
import type { Button } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import { list } from '../kernel/list.ts';
import type { Page } from '../kernel/list-page.ts';
import type { Identified, ThingBase } from '../kernel/thing-definition.ts';
import type { When } from './cards.ts';
import { wholeConversation } from './cards.ts';
import { Message } from './message.ts';

interface ThreadOf<It extends Identified, Shown extends It> {
  /** `area.thread` */
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever facts its events tell
  thing: ThingBase<It, Shown, any>;
  /** The thing as its card shows it. */
  shown: ZodType<Shown>;
  /** @throws DomainError where it is not there, or may not be read */
  found(context: Context, id: string): Promise<Shown>;
  /** Reads messages, `at` being when each was said. */
  page(context: Context, id: string, page: Page): Promise<Message[]>;
  /** How many messages the actor may read. */
  count(context: Context, id: string): Promise<number>;
  when(actor: Context['actor']): When;
  /** The way back to the thing. */
  back(it: Shown): Button;
}

/** Declares the list of what was said about a thing: the newest page first, and each page in the order in which it was said. */
export function threadOf<It extends Identified, Shown extends It>(of: ThreadOf<It, Shown>) {
  const { name, thing } = of;
  const idIn = (input: Readonly<Record<string, string>>) => String(input[thing.name]);
  return list({
    name,
    module: thing.module,
    within: { [thing.name]: z.uuid() } as Record<string, ZodType<string>>,
    item: Message,
    summary: z.strictObject({
      about: of.shown.describe('What it is about'),
      total: z.int().describe('How many messages there are that the reader may see'),
    }),
    order: { by: { at: 'instant', id: 'id' }, isDown: true },
    rows: (context, page, input) => of.page(context, idIn(input), page),
    summarize: async (context, input) => {
      const [about, total] = await Promise.all([of.found(context, idIn(input)), of.count(context, idIn(input))]);
      return { about, total };
    },
    face: ({ summary: { about, total } }, { actor }) => ({
      title: `Conversation on ${thing.called(about)}`,
      ...(total ? { status: total === 1 ? '1 message' : `${total} messages` } : {}),
      blocks: (newestFirst) => [wholeConversation([...newestFirst].reverse(), of.when(actor))],
      turns: [
        { to: 'next', label: 'Earlier messages' },
        { to: 'previous', label: 'Later messages' },
      ],
      empty: 'Nothing was said here yet.',
      actions: [of.back(about)],
      fallback: `The conversation on ${thing.called(about)}`,
      about: { entity: thing.name, id: about.id, version: 0 },
    }),
  });
}
