import type { Context } from '../kernel/context.ts';
import type { Schedule } from '../kernel/registry.ts';
import { readDeliverable } from './queries.ts';
import { lookAtOf, reminderDue } from './reminders.ts';
import type { Deliverable } from './schema.ts';

type Due = Awaited<ReturnType<Schedule['due']>>[number];

/** What deliverables do by themselves: they remind of what waits for the client. */
export const deliverableSchedule: Schedule = {
  name: 'deliverables',
  cron: '*/5 * * * *',
  candidates: 'parley_due_deliverables',
  due: async (context, ids) => {
    const all = (await Promise.all(ids.map((id) => readDeliverable(context, id)))).flatMap((it) => it ?? []);
    // Its cycle was completed, or its client moved to another time zone.
    const early = all.filter((it) => !reminderDue(it, context.now));
    if (early.length) await lookLater(context, early);
    return all.flatMap((it) => requestOf(it, context.now));
  },
};

/** The request id names the version and the occasion, so that each is done once, however often and by however many it is asked for. */
function requestOf(it: Deliverable, now: Date): Due[] {
  const at = reminderDue(it, now);
  if (!at) return [];
  const requestId = `remind:${it.id}:${it.shares.length}:${at.toISOString()}`;
  return [{ name: 'deliverable.remind', input: { deliverable: it.id }, requestId }];
}

async function lookLater({ sql, actor }: Context, all: readonly Deliverable[]): Promise<void> {
  await sql`
    update deliverable d set look_at = l.look_at
    from unnest(${all.map(({ id }) => id)}::uuid[], ${all.map(lookAtOf)}::timestamptz[]) as l (id, look_at)
    where d.tenant_id = ${actor.tenantId} and d.id = l.id`;
}
