import type { Context } from '../kernel/context.ts';
import type { Schedule } from '../kernel/registry.ts';
import { isStartDue } from './agree.ts';
import { lastReminderMoment } from './calendar.ts';
import type { Cycle } from './cycle.ts';
import { scopeOf } from './cycle.ts';
import { readCycle } from './queries.ts';

type Due = Awaited<ReturnType<Schedule['due']>>[number];

/** What cycles do by themselves: start, open their review, remind of it. Often enough that nobody waits for it. */
export const cycleSchedule: Schedule = {
  name: 'cycles',
  cron: '*/5 * * * *',
  due: async (context) => {
    const due: Due[] = [];
    for (const { id } of await candidates(context)) {
      const cycle = await readCycle(context, id);
      const request = cycle && dueOf(cycle, context.now);
      if (request) due.push(request);
    }
    return due;
  },
};

/**
 * The command that a cycle needs now, if any. Pure. The request ids name the occasion, so that each is done once,
 * however often and by however many workers it is asked for.
 */
function dueOf(cycle: Cycle, now: Date): Due | null {
  const input = { cycle: cycle.id };
  switch (cycle.status) {
    case 'upcoming':
      return isStartDue(cycle, now) ? { name: 'cycle.start', input, requestId: `start:${cycle.id}` } : null;
    case 'in_progress': {
      const { opensAt } = cycle.review;
      if (now < opensAt) return null;
      const requestId = `review:${cycle.id}:${scopeOf(cycle).number}:${opensAt.toISOString()}`;
      return { name: 'cycle.open-review', input, requestId };
    }
    case 'in_review': {
      const moment = lastReminderMoment(cycle.review, now, cycle.calendar);
      if (!moment || (cycle.remindedAt && cycle.remindedAt >= moment)) return null;
      return { name: 'cycle.remind', input, requestId: `remind:${cycle.id}:${moment.toISOString()}` };
    }
    case 'disputed':
    case 'completed':
      return null;
  }
}

/** Cycles that may need something; which of them do is decided with their client's calendar. */
async function candidates({ sql, actor, now }: Context): Promise<{ id: string }[]> {
  // A day's slack, because a day begins up to 14 hours earlier than in UTC.
  return sql<{ id: string }>`
    select id from cycle where tenant_id = ${actor.tenantId} and (
      (status = 'in_progress' and review_opens_at <= ${now}) or status = 'in_review'
      or (status = 'upcoming' and starts_on <= (${now}::timestamptz at time zone 'utc')::date + 1
        and (select count(*) from approval a where a.tenant_id = cycle.tenant_id and a.cycle_id = cycle.id and a.number = cycle.content_number) = 2))
    order by review_opens_at, id`;
}
