import type { Context } from '../kernel/context.ts';
import { lookingAt } from '../kernel/schedule.ts';
import { readDeliverable } from './queries.ts';
import { lookAtOf, reminderDue } from './reminders.ts';
import type { Deliverable } from './schema.ts';

/** What deliverables do by themselves: they remind of what waits for the client. */
export const deliverableSchedule = lookingAt<Deliverable>({
  name: 'deliverables',
  candidates: 'parley_due_deliverables',
  read: readDeliverable,
  requests: (it, now) => {
    const reminder = reminderDue(it, now);
    if (!reminder) return [];
    const requestId = `remind:${it.id}:${it.shares.length}:${reminder.at.toISOString()}`;
    return [{ name: 'deliverable.remind', input: { deliverable: it.id }, requestId }];
  },
  // Its cycle was completed, or its client moved to another time zone.
  lookLater: async ({ sql, actor }: Context, all) => {
    await sql`
      update deliverable d set look_at = l.look_at
      from unnest(${all.map(({ id }) => id)}::uuid[], ${all.map(lookAtOf)}::timestamptz[]) as l (id, look_at)
      where d.tenant_id = ${actor.tenantId} and d.id = l.id`;
  },
});
