import { z } from 'zod';
import { readThread, Thread, talkViews } from '../conversations/index.ts';
import type { Button } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { deliverableCard } from './cards.ts';
import { deliverable as thing } from './deliverable.ts';
import { readDeliverable } from './queries.ts';
import { mayRead } from './rules.ts';
import { Deliverable } from './schema.ts';
import { called } from './wording.ts';

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
    const [deliverable, thread] = await Promise.all([found(context, id), readThread(context, { deliverable: id })]);
    return { deliverable, thread };
  },
  card: ({ deliverable, thread }, { actor }) => deliverableCard(deliverable, actor, thread),
});

export const { showThread, showMessage } = talkViews<Deliverable>({
  ...{ thing, shown: Deliverable, found, back: backTo },
  named: (it) => `${called(it)} ${it.name}`,
  where: ({ projectName }) => projectName,
});

function backTo(it: Deliverable): Button {
  return thing.opening(it.id, `Open ${called(it)}`);
}

async function found(context: Context, id: string): Promise<Deliverable> {
  const it = there(await readDeliverable(context, id));
  allow(mayRead(context.actor, it));
  return it;
}
