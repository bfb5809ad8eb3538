import type { ZodType } from 'zod';
import { z } from 'zod';
import type { Button } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import { momentText } from '../kernel/dates.ts';
import type { Identified, ThingBase } from '../kernel/thing-definition.ts';
import { there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import type { When } from './cards.ts';
import { Message } from './message.ts';
import { messageCard } from './message-card.ts';
import { countThread, pageOfThread, readMessage, topicOf } from './queries.ts';
import { threadOf } from './thread.ts';

interface Views<It extends Identified> {
  // biome-ignore lint/suspicious/noExplicitAny: whatever facts its events tell
  thing: ThingBase<It, It, any>;
  /** The thing as its card shows it. */
  shown: ZodType<It>;
  /** @throws DomainError where it is not there, or may not be read */
  found(context: Context, id: string): Promise<It>;
  /** What the card of a message calls it: "Q-12 Website". */
  named(it: It): string;
  /** Where it belongs: its project, or its client. */
  where(it: It): string;
  /** The way back to the thing. */
  back(it: It): Button;
  /** How moments are written, where that is not in full. */
  at?(at: Date, timezone: string): string;
}

/** Declares what shows the talk about a thing: all of it (`thing.thread`), and one message (`thing.message`). */
export function talkViews<It extends Identified>({
  thing,
  shown,
  found,
  named,
  where,
  back,
  at = momentText,
}: Views<It>) {
  const when =
    ({ timezone }: Context['actor']): When =>
    (moment) =>
      at(moment, timezone);
  const showThread = threadOf({
    ...{ name: `${thing.name}.thread`, thing, shown, found, when, back },
    page: (context, id, page) => pageOfThread(context, topicOf(thing.name, id), page),
    count: (context, id) => countThread(context, topicOf(thing.name, id)),
  });
  /** `quoted` unfolds the earlier mail that came with it. */
  const showMessage = view({
    name: `${thing.name}.message`,
    module: thing.module,
    input: z.strictObject({ message: z.uuid(), quoted: z.literal('yes').optional() }),
    output: z.strictObject({ about: shown.describe('What it is about'), message: Message }),
    read: async (context, { message: id }) => {
      const { message, about } = there(await readMessage(context, id));
      return { about: await found(context, there(about[thing.name as keyof typeof about])), message };
    },
    card: ({ about: it, message }, drawing, { quoted }) => {
      const about = { thing, it, name: named(it), where: where(it), when: when(drawing.actor), back: back(it) };
      return messageCard(about, message, quoted === 'yes', drawing);
    },
  });
  return { showThread, showMessage };
}
