import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import type { NewEvent } from '../kernel/event.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { countAgain } from './agree.ts';
import { counted, recounted } from './cycle.ts';
import { cycleForUpdate, notAgreedOf } from './queries.ts';
import { writeCycle } from './write.ts';

/**
 * Counts what a client's approvers have signed, after its rule changed or somebody came or left: of what is not agreed on yet, the
 * cards say who must approve now, and what enough of them have signed is agreed on.
 */
export const countApprovals = command({
  name: 'cycle.count-approvals',
  input: z.strictObject({ client: z.uuid() }),
  load: async (context, { client }) => {
    const cycles = await notAgreedOf(context, client);
    return cycles.length ? { cycles } : null;
  },
  policy: isSystem,
  handle: async (context, { client }, { cycles }) => {
    const events: NewEvent[] = [];
    // In one order, so that two who count at once wait for one another and nobody for ever.
    for (const id of cycles) events.push(...(await countOne(context, id)));
    const agreed = events.filter(({ data }) => data.agreed === true).length;
    const whole = recounted.of(
      { entity: 'client', id: client },
      { cycles: events.length, agreed },
      { clientId: client },
    );
    return { events: [whole, ...events], output: { id: client, say: 'The approvals are counted.' } };
  },
  reply: ({ id, say }) => sentence('client', id, say),
});

async function countOne(context: Context, id: string): Promise<NewEvent[]> {
  const cycle = await cycleForUpdate(context, id);
  if (!cycle) return [];
  const after = countAgain(cycle, context.now);
  if (after !== cycle) await writeCycle(context, cycle, after);
  return [counted.of(cycle, after, { agreed: after !== cycle })];
}
