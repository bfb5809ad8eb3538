import type { Context } from '../kernel/context.ts';
import { dayText } from '../kernel/dates.ts';
import { DomainError } from '../kernel/errors.ts';
import { isFirm } from '../people/index.ts';
import { timeText } from './duration.ts';
import { hashed } from './month.ts';
import type { PeriodRow } from './period-rows.ts';
import { columnsOf, periodOf } from './period-rows.ts';
import type { Period } from './period-schema.ts';
import { monthLookAtOf } from './reminders.ts';

/** A month with what was logged in it, as far as the actor may see it. */
export async function readPeriod({ sql, actor }: Context, id: string): Promise<Period | null> {
  const [row] = await sql<PeriodRow>`
    select p.id, p.version, p.client_id as "clientId", c.name as "clientName", f.name as "firmName", p.project_id as "projectId",
      j.name as "projectName", c.timezone, p.reminded_at as "remindedAt",
      to_char(p.month, 'YYYY-MM') as month, p.status, p.budget, p.warned_80 as "warned80", p.warned_100 as "warned100",
      p.sent_by_name as "sentByName", p.sent_at as "sentAt", p.signed_hash as "signedHash", p.answered_by as "answeredBy",
      p.answered_by_name as "answeredByName", p.answered_channel as "answeredChannel", p.answered_assurance as "answeredAssurance",
      p.answered_at as "answeredAt", p.reason, case when ${isFirm(actor)} or parley_sees_invoice(p.invoice_id) then p.invoice_id end as "invoiceId", p.invoiced, p.invoiced_at as "invoicedAt",
      (select coalesce(sum(o.minutes), 0)::int from hours_overrun o
        where o.tenant_id = p.tenant_id and o.period_id = p.id and o.status = 'approved') as approved,
      exists (select from hours_overrun o where o.tenant_id = p.tenant_id and o.period_id = p.id and o.status = 'asked') as "isAsked",
      (select coalesce(sum(e.minutes), 0)::int from time_entry e
        where e.tenant_id = p.tenant_id and e.period_id = p.id and e.deleted_at is null and not e.billable) as unbilled,
      (select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'personId', e.person_id, 'personName', e.person_name, 'day', e.day,
          'minutes', e.minutes, 'note', e.note, 'part', e.part, 'isBeyond', e.beyond)), '[]') from time_entry e
        where e.tenant_id = p.tenant_id and e.period_id = p.id and e.deleted_at is null and e.billable) as entries
    from hours_period p
    join firm f on f.id = p.tenant_id
    join client c on c.tenant_id = p.tenant_id and c.id = p.client_id
    join project j on j.tenant_id = p.tenant_id and j.id = p.project_id
    where p.tenant_id = ${actor.tenantId} and p.id = ${id}`;
  return row ? hashed(periodOf(row)) : null;
}

/** The same, locked for a change of it or of anything in it: the lock comes first, so that whoever waited reads what was done. */
export async function periodForUpdate(context: Context, id: string): Promise<Period | null> {
  const { sql, actor } = context;
  const [, period] = await Promise.all([
    sql`select from hours_period where tenant_id = ${actor.tenantId} and id = ${id} for update`,
    readPeriod(context, id),
  ]);
  return period;
}

/**
 * The same for a signature, with the request that waits: what is agreed on is part of what is signed, so nobody answers
 * meanwhile. Whoever answers may not see the month yet, and so cannot lock it: both lock the request.
 */
export async function periodToSign(context: Context, id: string): Promise<Period | null> {
  const { sql, actor } = context;
  const [, , period] = await Promise.all([
    sql`select from hours_period where tenant_id = ${actor.tenantId} and id = ${id} for update`,
    sql`select from hours_overrun where tenant_id = ${actor.tenantId} and period_id = ${id} and status = 'asked' for update`,
    readPeriod(context, id),
  ]);
  return period;
}

/** A project's month, locked; it begins with what is first said of it. */
export async function periodOn(
  context: Context,
  { clientId, projectId }: Pick<Period, 'clientId' | 'projectId'>,
  month: string,
): Promise<Period> {
  const { sql, actor, now, newId } = context;
  const first = `${month}-01`;
  await sql`
    insert into hours_period (tenant_id, id, client_id, project_id, month, created_at)
    values (${actor.tenantId}, ${newId()}, ${clientId}, ${projectId}, ${first}::date, ${now})
    on conflict (tenant_id, project_id, month) do nothing`;
  const [row] = await sql<{ id: string }>`
    select id from hours_period where tenant_id = ${actor.tenantId} and project_id = ${projectId} and month = ${first}::date`;
  const period = row && (await periodForUpdate(context, row.id));
  if (!period) throw new Error(`the month ${month} of project ${projectId} was written and is not there`);
  return period;
}

/** Writes what a decision made of a month. A contact writes how they answered, and nothing else: see the table's policies. */
export async function writePeriod(context: Context, before: Period, after: Period): Promise<void> {
  const { sql, actor } = context;
  const it = columnsOf(after);
  const rows = isFirm(actor)
    ? await sql`
        update hours_period set status = ${it.status}, version = ${after.version}, budget = ${after.budget}, warned_80 = ${after.warned.at80},
          warned_100 = ${after.warned.at100}, sent_by_name = ${it.sentByName}, sent_at = ${it.sentAt}, answered_by = ${it.answeredBy},
          answered_by_name = ${it.answeredByName}, answered_channel = ${it.answeredChannel}, answered_assurance = ${it.answeredAssurance},
          answered_at = ${it.answeredAt}, reason = ${it.reason}, invoice_id = ${it.invoiceId}, invoiced = ${it.invoiced},
          invoiced_at = ${it.invoicedAt}, look_at = case when ${it.status} = 'sent' then ${monthLookAtOf(after)}::timestamptz else look_at end
        where tenant_id = ${actor.tenantId} and id = ${after.id} and version = ${before.version} returning id`
    : await sql`
        update hours_period set status = ${it.status}, version = ${after.version}, signed_hash = ${it.signedHash}, answered_by = ${it.answeredBy},
          answered_by_name = ${it.answeredByName}, answered_channel = ${it.answeredChannel}, answered_assurance = ${it.answeredAssurance},
          answered_at = ${it.answeredAt}, reason = ${it.reason}
        where tenant_id = ${actor.tenantId} and id = ${after.id} and version = ${before.version} returning id`;
  if (!rows.length) throw new DomainError('conflict', 'This month changed at the same moment. Please look again.');
}

/**
 * The team is told that nobody has sent it: its version stays, because nobody sees it differently.
 * @returns whether they were not told before
 */
export async function noteTold({ sql, actor, now }: Context, { id }: Pick<Period, 'id'>): Promise<boolean> {
  const rows = await sql`
    update hours_period set unsent_told_at = ${now} where tenant_id = ${actor.tenantId} and id = ${id} and unsent_told_at is null
    returning id`;
  return rows.length > 0;
}

/** The client was reminded of it: its version stays, because nobody sees it differently. */
export async function noteReminded({ sql, actor }: Context, it: Period): Promise<void> {
  await sql`
    update hours_period set reminded_at = ${it.remindedAt}, look_at = ${monthLookAtOf(it)}
    where tenant_id = ${actor.tenantId} and id = ${it.id}`;
}

/** From now on the client sees what counts for them in it. */
export async function shareEntries({ sql, actor }: Context, { id }: Pick<Period, 'id'>): Promise<void> {
  await sql`
    update time_entry set shared = true
    where tenant_id = ${actor.tenantId} and period_id = ${id} and billable and deleted_at is null and not shared`;
}

/** As many lines as are read before somebody looks at the card instead. */
const MOST_CHANGES = 8;

/** What is different since it was sent, in lines, from entries that the client may see. */
export async function changedSince({ sql, actor }: Context, period: Period): Promise<string[]> {
  const { state } = period;
  if (state.status === 'open') return [];
  const rows = await sql<{ day: string; name: string; minutes: number; note: string; isGone: boolean; isNew: boolean }>`
    select day, person_name as name, minutes, note, deleted_at is not null or not billable as "isGone",
      created_at > ${state.sent.at}::timestamptz as "isNew"
    from time_entry where tenant_id = ${actor.tenantId} and period_id = ${period.id} and shared and updated_at > ${state.sent.at}::timestamptz
    order by updated_at, id limit ${MOST_CHANGES}`;
  return rows.map(({ day, name, minutes, note, isGone, isNew }) => {
    const what = isGone ? 'Removed' : isNew ? 'New' : 'Changed';
    return `${what}: ${dayText(day)}, ${name}, ${timeText(minutes)}: ${note}`;
  });
}
