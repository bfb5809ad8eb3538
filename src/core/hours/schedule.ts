import type { Schedule } from '../kernel/registry.ts';
import { lookingAt } from '../kernel/schedule.ts';
import { readOverrun } from './overrun-queries.ts';
import type { Overrun } from './overrun-schema.ts';
import { readPeriod } from './period-queries.ts';
import type { Period } from './period-schema.ts';
import { monthLookAtOf, monthReminderDue, overrunLookAtOf, overrunReminderDue } from './reminders.ts';

/** When a month is over on the client's calendar, its hours wait to be sent: the team is told once. */
export const hoursSchedule: Schedule = {
  name: 'hours',
  cron: '20 * * * *',
  candidates: 'parley_due_hours',
  due: async (_context, ids) =>
    ids.map((id) => ({ name: 'period.remind-unsent', input: { period: id }, requestId: `unsent:${id}` })),
};

/** The client is reminded of months that wait for its signature. */
export const signatureReminders = lookingAt<Period>({
  name: 'hours-to-sign',
  candidates: 'parley_due_hours_to_sign',
  read: readPeriod,
  requests: (it, now) => {
    const reminder = monthReminderDue(it, now);
    if (!reminder) return [];
    const requestId = `remind:${it.id}:${reminder.at.toISOString()}`;
    return [{ name: 'period.remind', input: { period: it.id }, requestId }];
  },
  lookLater: async ({ sql, actor }, all) => {
    await sql`
      update hours_period p set look_at = l.look_at
      from unnest(${all.map(({ id }) => id)}::uuid[], ${all.map(monthLookAtOf)}::timestamptz[]) as l (id, look_at)
      where p.tenant_id = ${actor.tenantId} and p.id = l.id`;
  },
});

/** And of more hours that it was asked for. */
export const overrunReminders = lookingAt<Overrun>({
  name: 'hours-asked-for',
  candidates: 'parley_due_overruns',
  read: readOverrun,
  requests: (it, now) => {
    const reminder = overrunReminderDue(it, now);
    if (!reminder) return [];
    const requestId = `remind:${it.id}:${reminder.at.toISOString()}`;
    return [{ name: 'overrun.remind', input: { overrun: it.id }, requestId }];
  },
  lookLater: async ({ sql, actor }, all) => {
    await sql`
      update hours_overrun o set look_at = l.look_at
      from unnest(${all.map(({ id }) => id)}::uuid[], ${all.map(overrunLookAtOf)}::timestamptz[]) as l (id, look_at)
      where o.tenant_id = ${actor.tenantId} and o.id = l.id`;
  },
});
