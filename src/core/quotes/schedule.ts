import type { Schedule } from '../kernel/registry.ts';
import { lookingAt } from '../kernel/schedule.ts';
import { readQuote } from './queries.ts';
import { lookAtOf, reminderDue } from './reminders.ts';
import type { Quote } from './schema.ts';

/** Offers end by themselves when their last day is over on the client's calendar. */
export const quoteSchedule: Schedule = {
  name: 'quotes',
  cron: '*/5 * * * *',
  candidates: 'parley_due_quotes',
  due: async (_context, ids) =>
    ids.map((id) => ({ name: 'quote.expire', input: { quote: id }, requestId: `expire:${id}` })),
};

/** The client is reminded of what it was offered before that. */
export const quoteReminders = lookingAt<Quote>({
  name: 'quote-reminders',
  candidates: 'parley_due_quote_reminders',
  read: readQuote,
  requests: (it, now) => {
    const reminder = reminderDue(it, now);
    if (!reminder) return [];
    return [
      { name: 'quote.remind', input: { quote: it.id }, requestId: `remind:${it.id}:${reminder.at.toISOString()}` },
    ];
  },
  lookLater: async ({ sql, actor }, all) => {
    await sql`
      update quote q set look_at = l.look_at
      from unnest(${all.map(({ id }) => id)}::uuid[], ${all.map(lookAtOf)}::timestamptz[]) as l (id, look_at)
      where q.tenant_id = ${actor.tenantId} and q.id = l.id`;
  },
});
