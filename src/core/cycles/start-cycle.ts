import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { start } from './agree.ts';
import { EVENTS, runsCycles, scopeOf } from './cycle.ts';
import { cycleForUpdate } from './queries.ts';
import { changeOf, doneCard, doneWith } from './record.ts';
import { writeStanding } from './write.ts';

/** Begins the work both sides approved; the schedule does so on the first day, staff may do so earlier. */
export const startCycle = command({
  name: 'cycle.start',
  input: z.strictObject({ cycle: z.uuid() }),
  load: (context, { cycle }) => cycleForUpdate(context, cycle),
  policy: (actor) => runsCycles(actor),
  handle: async (context, _input, cycle) => {
    const next = start(cycle, context.actor.kind === 'system', context.now);
    await writeStanding(context, cycle, next);
    return {
      events: [changeOf(EVENTS.started, cycle, next)],
      output: doneWith(next, `${scopeOf(next).content.name} is in progress now.`),
    };
  },
  reply: doneCard,
});
