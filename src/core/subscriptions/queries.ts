import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { Span } from './periods.ts';
import { lookAtOf } from './periods.ts';
import type { Status, Subscription } from './schema.ts';

interface Row extends Omit<Subscription, 'state'> {
  status: Status;
  endedByName: string | null;
  endedAt: Date | null;
  reason: string | null;
}

/** A subscription that the actor may see. */
export async function readSubscription({ sql, actor }: Context, id: string): Promise<Subscription | null> {
  const [row] = await sql<Row>`
    select s.id, s.version, s.client_id as "clientId", l.name as "clientName", f.name as "firmName", s.project_id as "projectId",
      p.name as "projectName", l.timezone, s.quote_id as "quoteId", s.called, s.title, s.every, s.content, s.starts_on as "startsOn", s.billed,
      s.status, s.ended_by_name as "endedByName", s.ended_at as "endedAt", s.reason, s.created_at as "createdAt"
    from subscription s
    join firm f on f.id = s.tenant_id
    join client l on l.tenant_id = s.tenant_id and l.id = s.client_id
    left join project p on p.tenant_id = s.tenant_id and p.id = s.project_id
    where s.tenant_id = ${actor.tenantId} and s.id = ${id}`;
  return row ? subscriptionOf(row) : null;
}

/** The same, locked for a change: the lock comes first, so that whoever waited reads which periods were billed. */
export async function subscriptionForUpdate(context: Context, id: string): Promise<Subscription | null> {
  const { sql, actor } = context;
  const [, it] = await Promise.all([
    sql`select from subscription where tenant_id = ${actor.tenantId} and id = ${id} for update`,
    readSubscription(context, id),
  ]);
  return it;
}

function subscriptionOf({ status, endedByName, endedAt, reason, ...own }: Row): Subscription {
  if (status === 'running') return { ...own, state: { status } };
  if (endedByName === null || endedAt === null || reason === null)
    throw new Error(`subscription ${own.id} has ended and its row says otherwise`);
  return { ...own, state: { status, byName: endedByName, at: endedAt, reason } };
}

/** Stores one. @returns false where the quote's lines of that interval are billed by another one */
export async function insertSubscription({ sql, actor }: Context, it: Subscription): Promise<boolean> {
  const rows = await sql`
    insert into subscription (tenant_id, id, client_id, project_id, quote_id, every, called, title, content, starts_on, look_at, created_at)
    values (${actor.tenantId}, ${it.id}, ${it.clientId}, ${it.projectId}, ${it.quoteId}, ${it.every}, ${it.called}, ${it.title},
      ${JSON.stringify(it.content)}::jsonb, ${it.startsOn}::date, ${lookAtOf(it)}, ${it.createdAt})
    on conflict (tenant_id, quote_id, every) do nothing returning id`;
  return rows.length > 0;
}

/** Writes what became of it: how far it is billed, and how it ended. */
export async function writeSubscription(
  { sql, actor }: Context,
  before: Subscription,
  after: Subscription,
): Promise<void> {
  const { state } = after;
  const ended = state.status === 'ended' ? state : null;
  const rows = await sql`
    update subscription set status = ${state.status}, version = ${after.version}, billed = ${after.billed}, look_at = ${lookAtOf(after)},
      ended_by_name = ${ended?.byName ?? null}, ended_at = ${ended?.at ?? null}, reason = ${ended?.reason ?? null}
    where tenant_id = ${actor.tenantId} and id = ${after.id} and version = ${before.version} returning id`;
  if (!rows.length)
    throw new DomainError('conflict', 'This subscription changed at the same moment. Please look again.');
}

/** Notes for good by which invoice a period is billed: each has one place, whoever bills it. */
export async function insertPeriod(
  { sql, actor, now }: Context,
  it: Subscription,
  { from }: Span,
  invoice: string,
): Promise<void> {
  await sql`
    insert into subscription_period (tenant_id, client_id, project_id, subscription_id, begins_on, invoice_id, created_at)
    values (${actor.tenantId}, ${it.clientId}, ${it.projectId}, ${it.id}, ${from}::date, ${invoice}, ${now})`;
}
