import { nameOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Answer, Overrun } from './overrun-schema.ts';
import { overrunLookAtOf } from './reminders.ts';

interface OverrunRow extends Omit<Overrun, 'answer'> {
  answer: (Omit<Answer, 'at'> & { at: string }) | null;
}

/** A request for more hours. Of the month itself a contact sees nothing before it is sent, so the request says how it stood. */
export async function readOverrun({ sql, actor }: Context, id: string): Promise<Overrun | null> {
  const [row] = await sql<OverrunRow>`
    select o.id, o.version, o.client_id as "clientId", c.name as "clientName", f.name as "firmName", o.project_id as "projectId",
      j.name as "projectName", c.timezone, o.reminded_at as "remindedAt",
      o.period_id as "periodId", to_char(o.month, 'YYYY-MM') as month, o.status, o.minutes, o.reason, o.agreed, o.used,
      o.asked_by_name as "askedBy", o.asked_at as "askedAt",
      case when o.answered_by is not null then jsonb_build_object('personId', o.answered_by, 'byName', o.answered_by_name,
        'channel', o.answered_channel, 'assurance', o.answered_assurance, 'at', o.answered_at, 'reason', o.answer) end as answer,
      exists (select from hours_period p where p.tenant_id = o.tenant_id and p.id = o.period_id and p.status = 'signed') as "isClosed"
    from hours_overrun o
    join firm f on f.id = o.tenant_id
    join client c on c.tenant_id = o.tenant_id and c.id = o.client_id
    join project j on j.tenant_id = o.tenant_id and j.id = o.project_id
    where o.tenant_id = ${actor.tenantId} and o.id = ${id}`;
  if (!row) return null;
  return { ...row, answer: row.answer && { ...row.answer, at: new Date(row.answer.at) } };
}

/** The same, locked. Whoever signs its month locks it as well: see `periodToSign`. */
export async function overrunForUpdate(context: Context, id: string): Promise<Overrun | null> {
  const { sql, actor } = context;
  const [, overrun] = await Promise.all([
    sql`select from hours_overrun where tenant_id = ${actor.tenantId} and id = ${id} for update`,
    readOverrun(context, id),
  ]);
  return overrun;
}

export async function insertOverrun({ sql, actor, now }: Context, made: Overrun): Promise<void> {
  await sql`
    insert into hours_overrun (tenant_id, id, client_id, project_id, period_id, month, minutes, reason, agreed, used, asked_by, asked_by_name, asked_at,
      look_at)
    values (${actor.tenantId}, ${made.id}, ${made.clientId}, ${made.projectId}, ${made.periodId}, ${`${made.month}-01`}::date, ${made.minutes},
      ${made.reason}, ${made.agreed}, ${made.used}, ${actor.kind === 'person' ? actor.personId : null}, ${nameOf(actor)}, ${now},
      ${overrunLookAtOf(made)})`;
}

/** The client was reminded of it: its version stays, because nobody sees it differently. */
export async function noteOverrunReminded({ sql, actor }: Context, it: Overrun): Promise<void> {
  await sql`
    update hours_overrun set reminded_at = ${it.remindedAt}, look_at = ${overrunLookAtOf(it)}
    where tenant_id = ${actor.tenantId} and id = ${it.id}`;
}

/** Writes how it ended. */
export async function writeOverrun({ sql, actor }: Context, before: Overrun, after: Overrun): Promise<void> {
  const { answer } = after;
  const rows = await sql`
    update hours_overrun set status = ${after.status}, version = ${after.version}, answered_by = ${answer?.personId ?? null},
      answered_by_name = ${answer?.byName ?? null}, answered_channel = ${answer?.channel ?? null},
      answered_assurance = ${answer?.assurance ?? null}, answered_at = ${answer?.at ?? null}, answer = ${answer?.reason ?? null}
    where tenant_id = ${actor.tenantId} and id = ${after.id} and version = ${before.version} returning id`;
  if (!rows.length) throw new DomainError('conflict', 'This request changed at the same moment. Please look again.');
}
