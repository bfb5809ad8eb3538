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
import { deliverableCard } from './cards.ts';
import { deliverable as thing } from './deliverable.ts';
import { readDeliverable } from './queries.ts';
import { mayRead } from './rules.ts';
import { Deliverable } from './schema.ts';
import { called } from './wording.ts';

/** Messages on the card: enough to answer, short enough for a phone. */
const LAST = 5;

/** What is delivered, what was shared of it, and what may be done about it. */
export const showDeliverable = view({
  name: 'deliverable.show',
  module: 'projects',
  input: z.strictObject({ deliverable: z.uuid() }),
  output: z.strictObject({
    deliverable: Deliverable.describe('The deliverable as it is'),
    thread: Thread.describe('What was said last'),
  }),
  read: async (context, { deliverable: id }) => {
    const [deliverable, thread] = await Promise.all([
      found(context, id),
      readThread(context, { deliverable: id }, LAST),
    ]);
    return { deliverable, thread };
  },
  card: ({ deliverable, thread }, { actor }) => deliverableCard(deliverable, actor, thread),
});

/** The whole conversation. */
export const showThread = threadOf({
  name: 'deliverable.thread',
  thing,
  shown: Deliverable,
  found,
  page: (context, deliverable, page) => pageOfThread(context, { deliverable }, page),
  count: (context, deliverable) => countThread(context, { deliverable }),
  when:
    ({ timezone }) =>
    (at) =>
      momentText(at, timezone),
  back: backTo,
});

/** One message. `quoted` unfolds the earlier mail that came with it. */
export const showMessage = view({
  name: 'deliverable.message',
  module: 'projects',
  input: z.strictObject({ message: z.uuid(), quoted: z.literal('yes').optional() }),
  output: z.strictObject({ deliverable: Deliverable.describe('What it is about'), message: Message }),
  read: async (context, { message: id }) => {
    const { message, about } = there(await readMessage(context, id));
    return { deliverable: await found(context, there(about.deliverable)), message };
  },
  card: ({ deliverable: it, message }, drawing, { quoted }) => {
    const when = (at: Date) => momentText(at, drawing.actor.timezone);
    const about = { thing, it, name: `${called(it)} ${it.name}`, where: it.projectName };
    return messageCard({ ...about, when, back: backTo(it) }, message, quoted === 'yes', drawing);
  },
});

function backTo(it: Deliverable): Button {
  return thing.opening(it.id, `Open ${called(it)}`);
}

async function found(context: Context, id: string): Promise<Deliverable> {
  const it = there(await readDeliverable(context, id));
  allow(mayRead(context.actor, it));
  return it;
}
