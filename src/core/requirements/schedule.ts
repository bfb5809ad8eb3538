import type { Context } from '../kernel/context.ts';
import type { Schedule } from '../kernel/registry.ts';
import { readRequirement } from './queries.ts';
import { isOverdueNew, lookAtOf, reminderDue } from './reminders.ts';
import type { Requirement } from './schema.ts';

type Due = Awaited<ReturnType<Schedule['due']>>[number];

/** What requirements do by themselves: they become overdue, and remind of what is needed. */
export const requirementSchedule: Schedule = {
  name: 'requirements',
  cron: '*/5 * * * *',
  candidates: 'parley_due_requirements',
  due: async (context, ids) => {
    const all = await Promise.all(ids.map((id) => readRequirement(context, id)));
    const due = all.flatMap((it) => (it ? [{ it, requests: requestsOf(it, context.now) }] : []));
    // A client moved to another time zone, and its days begin at other moments.
    const early = due.filter(({ requests }) => !requests.length).map(({ it }) => it);
    if (early.length) await lookLater(context, early);
    return due.flatMap(({ requests }) => requests);
  },
};

/** The request ids name the occasion, so that each is done once, however often and by however many workers it is asked for. */
function requestsOf(it: Requirement, now: Date): Due[] {
  const input = { requirement: it.id };
  const reminder = reminderDue(it, now);
  const overdue = `overdue:${it.id}:${it.dueOn}`;
  return [
    ...(isOverdueNew(it, now) ? [{ name: 'requirement.note-overdue', input, requestId: overdue }] : []),
    ...(reminder
      ? [{ name: 'requirement.remind', input, requestId: `remind:${it.id}:${reminder.at.toISOString()}` }]
      : []),
  ];
}

async function lookLater({ sql, actor }: Context, all: readonly Requirement[]): Promise<void> {
  await sql`
    update requirement r set look_at = l.look_at
    from unnest(${all.map(({ id }) => id)}::uuid[], ${all.map(lookAtOf)}::timestamptz[]) as l (id, look_at)
    where r.tenant_id = ${actor.tenantId} and r.id = l.id`;
}
