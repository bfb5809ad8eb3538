import { z } from 'zod';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { taskCard } from './cards.ts';
import { readTask } from './queries.ts';
import { mayRead } from './rules.ts';
import { ShownTask } from './schema.ts';

/** A task as it is. */
export const showTask = view({
  name: 'task.show',
  module: 'projects',
  input: z.strictObject({ task: z.uuid() }),
  output: z.strictObject({ task: ShownTask.describe('The task as it is') }),
  read: async (context, { task: id }) => {
    const task = there(await readTask(context, id));
    allow(mayRead(context.actor, task));
    return { task };
  },
  card: ({ task }, { actor }) => taskCard(task, actor),
});
