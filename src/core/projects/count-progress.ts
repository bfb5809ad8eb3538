import { cyclesDone } from '../cycles/index.ts';
import { isSystem } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { NewEvent } from '../kernel/event.ts';
import { refusal } from '../kernel/thing-definition.ts';
import { progressOf } from '../tasks/index.ts';
import { advanced, progressed, project } from './project.ts';
import type { Project } from './schema.ts';

/**
 * Takes how far the phases of a project are from their tasks, and how far its cycles are from their tasks and deliverables, where
 * there are some. It follows from what happens to these, and is kept with the phase and the project: so the cards that show it
 * change by an event, and firm and client read the same number.
 */
export const countProgress = project.command({
  name: 'project.count-progress',
  version: 'optional',
  button: [],
  who: isSystem,
  handle: async (context, _input, it) => {
    const { sql, actor } = context;
    // The project is locked: of two that count at once, the second counts what the first one left.
    const counted = new Map(
      (await progressOf(context, it.id)).map(({ phase, done, total }) => [phase, percent(done, total)]),
    );
    const phases = await sql<{ id: string; progress: number }>`
      select id, progress from phase where tenant_id = ${actor.tenantId} and project_id = ${it.id} order by id for update`;
    const events: NewEvent[] = [];
    for (const { id, progress } of phases) {
      const now = counted.get(id) ?? progress;
      if (now === progress) continue;
      await sql`update phase set progress = ${now}, version = version + 1 where tenant_id = ${actor.tenantId} and id = ${id}`;
      const change = { before: { progress }, after: { progress: now } };
      const whose = { clientId: it.clientId, projectId: it.id };
      events.push(
        progressed.of({ entity: 'project', id: it.id }, { phase: id, percent: now }, { ...whose, ...change }),
      );
    }
    events.push(...(await countCycles(context, it)));
    const [first, ...others] = events;
    if (!first) throw refusal(project, it, `${it.name} is as far as its tasks and deliverables say already.`);
    return {
      events: [first, ...others],
      after: it,
      say: `The progress of ${it.name} follows from its tasks and deliverables.`,
    };
  },
});

/** How far its cycles are, taken together. */
async function countCycles(context: Context, it: Project): Promise<NewEvent[]> {
  const { sql, actor } = context;
  const percent = await cyclesDone(context, it.id);
  const [was] = await sql<{ percent: number | null }>`
    select cycles_progress as percent from project where tenant_id = ${actor.tenantId} and id = ${it.id}`;
  if (!was || was.percent === percent) return [];
  await sql`update project set cycles_progress = ${percent} where tenant_id = ${actor.tenantId} and id = ${it.id}`;
  const change = { before: { cycles: was.percent }, after: { cycles: percent } };
  return [
    advanced.of({ entity: 'project', id: it.id }, { percent }, { clientId: it.clientId, projectId: it.id, ...change }),
  ];
}

/** It is a hundred when all of it is done, and not before. */
function percent(done: number, total: number): number {
  return Math.floor((100 * done) / total);
}
