import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import type { NewEvent } from '../kernel/event.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { assign } from './decisions.ts';
import { tasksHeldBy } from './queries.ts';
import { writeTask } from './rows.ts';
import { released } from './task.ts';

/** Takes what is unfinished from somebody who has left, everywhere or in one project: else it would wait for nobody. */
export const releaseTasks = command({
  name: 'task.release',
  input: z.strictObject({ person: z.uuid(), project: z.uuid().optional() }),
  load: async (context, { person, project }) => ({ person, held: await tasksHeldBy(context, person, project) }),
  // Nobody presses it: it follows from what is noted of the person.
  policy: isSystem,
  handle: async (context, _input, { person, held }) => {
    const events: NewEvent[] = [];
    for (const it of held) {
      const after = { ...assign(it, null), version: it.version + 1 };
      await writeTask(context, it, after);
      events.push(released.of(it, after, { from: it.assignee?.name ?? '' }));
    }
    const [first, ...others] = events;
    if (!first) throw new DomainError('conflict', 'They had nothing to do here.');
    return { events: [first, ...others], output: { person, count: events.length } };
  },
  reply: ({ person, count }) => sentence('person', person, `${count} tasks are nobody’s now.`),
});
