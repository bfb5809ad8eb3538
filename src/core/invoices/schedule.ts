import type { Context } from '../kernel/context.ts';
import type { Schedule } from '../kernel/registry.ts';
import { readInvoice } from './queries.ts';
import { isOverdueNew, lookAtOf, reminderDue } from './reminders.ts';
import type { Invoice } from './schema.ts';

type Due = Awaited<ReturnType<Schedule['due']>>[number];

/** What invoices do by themselves: they become overdue, and remind of what is due. */
export const invoiceSchedule: Schedule = {
  name: 'invoices',
  cron: '*/5 * * * *',
  candidates: 'parley_due_invoices',
  due: async (context, ids) => {
    const all = await Promise.all(ids.map((id) => readInvoice(context, id)));
    const due = all.flatMap((it) => (it ? [{ it, requests: requestsOf(it, context.now) }] : []));
    // A client moved to another time zone, and its days begin at other moments.
    const early = due.filter(({ requests }) => !requests.length).map(({ it }) => it);
    if (early.length) await lookLater(context, early);
    return due.flatMap(({ requests }) => requests);
  },
};

/** The request ids name the occasion, so that each is done once, however often and by however many workers it is asked for. */
function requestsOf(it: Invoice, now: Date): Due[] {
  const input = { invoice: it.id };
  const reminder = reminderDue(it, now);
  return [
    ...(isOverdueNew(it, now) ? [{ name: 'invoice.note-overdue', input, requestId: `overdue:${it.id}` }] : []),
    ...(reminder ? [{ name: 'invoice.remind', input, requestId: `remind:${it.id}:${reminder.at.toISOString()}` }] : []),
  ];
}

async function lookLater({ sql, actor }: Context, all: readonly Invoice[]): Promise<void> {
  await sql`
    update invoice i set look_at = l.look_at
    from unnest(${all.map(({ id }) => id)}::uuid[], ${all.map(lookAtOf)}::timestamptz[]) as l (id, look_at)
    where i.tenant_id = ${actor.tenantId} and i.id = l.id`;
}
