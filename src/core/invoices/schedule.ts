import type { Context } from '../kernel/context.ts';
import { lookingAt } from '../kernel/schedule.ts';
import { readInvoice } from './queries.ts';
import { isOverdueNew, lookAtOf, reminderDue } from './reminders.ts';
import type { Invoice } from './schema.ts';

/** What invoices do by themselves: they become overdue, and remind of what is due. */
export const invoiceSchedule = lookingAt<Invoice>({
  name: 'invoices',
  candidates: 'parley_due_invoices',
  read: readInvoice,
  requests: (it, now) => {
    const input = { invoice: it.id };
    const reminder = reminderDue(it, now);
    return [
      ...(isOverdueNew(it, now) ? [{ name: 'invoice.note-overdue', input, requestId: `overdue:${it.id}` }] : []),
      ...(reminder
        ? [{ name: 'invoice.remind', input, requestId: `remind:${it.id}:${reminder.at.toISOString()}` }]
        : []),
    ];
  },
  lookLater: async ({ sql, actor }: Context, all) => {
    await sql`
      update invoice i set look_at = l.look_at
      from unnest(${all.map(({ id }) => id)}::uuid[], ${all.map(lookAtOf)}::timestamptz[]) as l (id, look_at)
      where i.tenant_id = ${actor.tenantId} and i.id = l.id`;
  },
});
