import { deliverablesDone } from '../deliverables/index.ts';
import { isSystem } from '../kernel/actor.ts';
import { refusal } from '../kernel/thing-definition.ts';
import { tasksDone } from '../tasks/index.ts';
import { cycle, progressed } from './cycle.ts';
import { progressOf, scopeOf } from './schema.ts';

/**
 * Takes how far a cycle is from its tasks and deliverables, each of which weighs the same. It follows from what happens to these, and
 * is kept with the cycle: so the cards that show it change by an event, and firm and client read the same number.
 */
export const countProgress = cycle.command({
  name: 'cycle.count-progress',
  // It changes nothing that was agreed or decided: presses on older cards stay good.
  version: 'optional',
  button: [],
  who: isSystem,
  handle: async (context, _input, it) => {
    const { sql, actor } = context;
    // The cycle is locked: of two that count at once, the second counts what the first one left.
    const [tasks, deliverables] = await Promise.all([tasksDone(context, it.id), deliverablesDone(context, it.id)]);
    const parts = { done: tasks.done + deliverables.done, total: tasks.total + deliverables.total };
    const { name } = scopeOf(it).content;
    if (parts.done === it.parts.done && parts.total === it.parts.total)
      throw refusal(cycle, it, `${name} is as far as its tasks and deliverables say already.`);
    const after = { ...it, parts };
    await sql`
      update cycle set parts_done = ${parts.done}, parts_total = ${parts.total} where tenant_id = ${actor.tenantId} and id = ${it.id}`;
    const percent = progressOf(after);
    return {
      events: [progressed.of(it, after, { ...parts, percent })],
      after,
      say: `The progress of ${name} follows from its tasks and deliverables.`,
    };
  },
});
