import type { Context } from '../kernel/context.ts';
import { lookingAt } from '../kernel/schedule.ts';
import { readRequirement } from './queries.ts';
import { isOverdueNew, lookAtOf, reminderDue } from './reminders.ts';
import type { Requirement } from './schema.ts';

/** What requirements do by themselves: they become overdue, and remind of what is needed. */
export const requirementSchedule = lookingAt<Requirement>({
  name: 'requirements',
  candidates: 'parley_due_requirements',
  read: readRequirement,
  requests: (it, now) => {
    const input = { requirement: it.id };
    const reminder = reminderDue(it, now);
    const overdue = `overdue:${it.id}:${it.dueOn}`;
    return [
      ...(isOverdueNew(it, now) ? [{ name: 'requirement.note-overdue', input, requestId: overdue }] : []),
      ...(reminder
        ? [{ name: 'requirement.remind', input, requestId: `remind:${it.id}:${reminder.at.toISOString()}` }]
        : []),
    ];
  },
  lookLater: async ({ sql, actor }: Context, all) => {
    await sql`
      update requirement r set look_at = l.look_at
      from unnest(${all.map(({ id }) => id)}::uuid[], ${all.map(lookAtOf)}::timestamptz[]) as l (id, look_at)
      where r.tenant_id = ${actor.tenantId} and r.id = l.id`;
  },
});
