import type { Due } from '../kernel/schedule.ts';
import { lookingAt } from '../kernel/schedule.ts';
import { countAgain, isStartDue } from './agree.ts';
import { approvalLookAtOf, approvalReminderDue } from './approval-reminders.ts';
import { lastReminderMoment } from './calendar.ts';
import { readCycle } from './queries.ts';
import type { Cycle } from './schema.ts';
import { scopeOf, signedByBoth } from './schema.ts';

/** What cycles do by themselves: start, open their review, and remind of it and of a scope that the client has not approved. */
export const cycleSchedule = lookingAt<Cycle>({
  name: 'cycles',
  candidates: 'parley_due_cycles',
  read: readCycle,
  requests: (it, now) => {
    const due = dueOf(it, now);
    return due ? [due] : [];
  },
  lookLater: async ({ sql, actor, now }, all) => {
    const moments = all.map((it) => lookAgainAt(it, now));
    await sql`
      update cycle c set look_at = l.look_at
      from unnest(${all.map(({ id }) => id)}::uuid[], ${moments}::timestamptz[]) as l (id, look_at)
      where c.tenant_id = ${actor.tenantId} and c.id = l.id`;
  },
});

const QUARTER = 15 * 60_000;
const DAY = 24 * 60 * 60_000;

/**
 * When to look at a cycle again that needs nothing now. Pure. A change of the cycle itself brings it back at once; a new
 * holiday or time zone of its client does so within a day.
 */
function lookAgainAt(cycle: Cycle, now: Date): Date {
  const tomorrow = new Date(now.getTime() + DAY);
  if (cycle.status === 'in_review') {
    const moment = lastReminderMoment(cycle.review, tomorrow, cycle.calendar);
    return moment && moment > now ? moment : tomorrow;
  }
  // Days begin on a quarter of an hour everywhere.
  const quarter = new Date((Math.floor(now.getTime() / QUARTER) + 1) * QUARTER);
  if (signedByBoth(scopeOf(cycle))) return quarter;
  const reminder = approvalLookAtOf(cycle);
  return reminder && reminder < tomorrow ? reminder : tomorrow;
}

/**
 * The command that a cycle needs now, if any. Pure. The request ids name the occasion, so that each is done once,
 * however often and by however many workers it is asked for.
 */
function dueOf(cycle: Cycle, now: Date): Due | null {
  const input = { cycle: cycle.id };
  // Enough have signed and nobody noted it.
  if (countAgain(cycle, now) !== cycle)
    return {
      ...{ name: 'cycle.count-approvals', input: { client: cycle.clientId } },
      requestId: `count:${cycle.id}:${cycle.version}`,
    };
  switch (cycle.status) {
    case 'upcoming': {
      if (isStartDue(cycle, now)) return { name: 'cycle.start', input, requestId: `start:${cycle.id}` };
      const reminder = approvalReminderDue(cycle, now);
      const requestId = `remind-approval:${cycle.id}:${scopeOf(cycle).number}:${reminder?.days}`;
      return reminder && { name: 'cycle.remind-approval', input, requestId };
    }
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
