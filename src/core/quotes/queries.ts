import type { ApproversRow } from '../approvals/index.ts';
import type { Context } from '../kernel/context.ts';
import type { Choice } from '../kernel/field.ts';
import { openProjects } from '../people/index.ts';
import type { QuoteRow } from './rows.ts';
import { approversIn, quoteOf } from './rows.ts';
import type { Quote } from './schema.ts';

/** A quote the actor may see. Row security hides drafts from the client. */
export async function readQuote({ sql, actor }: Pick<Context, 'sql' | 'actor'>, id: string): Promise<Quote | null> {
  const [row] = await sql<QuoteRow>`
    select q.id, q.number, q.version, q.status, q.content, q.content_hash as hash, q.client_id as "clientId", l.name as "clientName",
      f.name as "firmName", q.project_id as "projectId", p.name as "projectName", l.timezone, q.sent_by as "sentBy",
      q.sent_by_name as "sentByName", q.sent_channel as "sentChannel", q.sent_assurance as "sentAssurance", q.sent_at as "sentAt",
      q.expires_at as "expiresAt", q.ended_by_name as "endedByName", q.ended_at as "endedAt", q.reason,
      q.superseded_by as "supersededBy", q.replaces, q.created_at as "createdAt",
      q.reminded_at as "remindedAt",
      case when a.quote_id is not null then jsonb_build_object('personId', a.person_id, 'byName', a.by_name, 'channel', a.channel,
        'assurance', a.assurance, 'at', a.at, 'hash', a.hash, 'taken', a.taken) end as acceptance,
      (select coalesce(jsonb_agg(jsonb_build_object('personId', s.person_id, 'byName', s.by_name, 'channel', s.channel,
          'assurance', s.assurance, 'at', s.at, 'hash', s.hash, 'taken', s.taken) order by s.at, s.person_id), '[]')
        from quote_signature s where s.tenant_id = q.tenant_id and s.quote_id = q.id) as signed,
      parley_approvers(q.client_id, q.project_id) as approvers, parley_quote_limit()::text as "sureAbove"
    from quote q
    join firm f on f.id = q.tenant_id
    join client l on l.tenant_id = q.tenant_id and l.id = q.client_id
    left join project p on p.tenant_id = q.tenant_id and p.id = q.project_id
    left join quote_acceptance a on a.tenant_id = q.tenant_id and a.quote_id = q.id
    where q.tenant_id = ${actor.tenantId} and q.id = ${id}`;
  return row ? quoteOf(row) : null;
}

/** The same, locked for a change: the lock comes first and by itself, so that whoever waited for it reads what was answered. */
export async function quoteForUpdate(context: Context, id: string): Promise<Quote | null> {
  const { sql, actor } = context;
  const [, quote] = await Promise.all([
    sql`select from quote where tenant_id = ${actor.tenantId} and id = ${id} for update`,
    readQuote(context, id),
  ]);
  return quote;
}

/** For whom a quote is drafted. */
export interface Ground
  extends Pick<
    Quote,
    'clientId' | 'clientName' | 'firmName' | 'projectId' | 'projectName' | 'timezone' | 'approvers' | 'sureAbove'
  > {}

/** A client the actor may see, and a project of that very client; null for any other. */
export async function readGround(
  { sql, actor }: Context,
  client: string,
  project: string | null,
): Promise<Ground | null> {
  const [row] = await sql<Omit<Ground, 'approvers'> & { approvers: ApproversRow }>`
    select l.id as "clientId", l.name as "clientName", l.timezone, f.name as "firmName", p.id as "projectId", p.name as "projectName",
      parley_approvers(l.id, p.id) as approvers, parley_quote_limit()::text as "sureAbove"
    from client l join firm f on f.id = l.tenant_id
    left join project p on p.tenant_id = l.tenant_id and p.client_id = l.id and p.id = ${project}::uuid
    where l.tenant_id = ${actor.tenantId} and l.id = ${client} and (${project}::uuid is null or p.id is not null)`;
  return row ? { ...row, approvers: approversIn(row.approvers, row.projectId) } : null;
}

/** The client whose project it is. */
export async function clientOf({ sql, actor }: Context, project: string): Promise<string | null> {
  const [row] = await sql<{ client: string }>`
    select client_id as client from project where tenant_id = ${actor.tenantId} and id = ${project}`;
  return row?.client ?? null;
}

/** As many as a choice can hold. */
const MOST = 100;

/** What can be chosen where a quote is drafted: clients, and their open projects; the wanted ones first, so that they are among them. */
export async function choicesFor(
  context: Context,
  { client = null, project = null }: { client?: string | null; project?: string | null },
): Promise<{ client: Choice[]; project: Choice[] }> {
  const { sql, actor } = context;
  const [clients, projects] = await Promise.all([
    sql<Choice>`
      select id as value, name as label from client where tenant_id = ${actor.tenantId}
      order by (id = ${client}::uuid) desc nulls last, name, id limit ${MOST}`,
    openProjects(context, { wanted: project, client }),
  ]);
  return {
    client: clients,
    project: projects.map(({ id, name, client: whose }) => ({ value: id, label: `${name} (${whose})` })),
  };
}

/** What the firm wrote last: most quotes are in the same currency and taxed alike. */
export async function lastWritten({ sql, actor }: Context): Promise<{ currency: string; vat: unknown } | null> {
  const [row] = await sql<{ currency: string; vat: unknown }>`
    select content ->> 'currency' as currency, content -> 'lines' -> 0 -> 'vat' as vat from quote
    where tenant_id = ${actor.tenantId} order by number desc limit 1`;
  return row ?? null;
}

/** Quotes that wait for the client's answer, the first to expire first, with who has accepted each so far. */
export async function sentQuotes(
  { sql, actor }: Context,
  projects: string[] | null,
  limit: number,
): Promise<SentQuote[]> {
  return sql<SentQuote>`
    with waiting as materialized (
      select q.* from quote q where q.tenant_id = ${actor.tenantId} and q.status = 'sent'
        and (${projects}::uuid[] is null or q.project_id is null or q.project_id = any(${projects}::uuid[]))
      order by q.expires_at, q.id limit ${limit}),
    -- Once for each place, not for each quote.
    rules as materialized (
      select client_id, project_id, parley_approvers(client_id, project_id) as approvers from (select distinct client_id, project_id from waiting) places)
    select q.id, q.number, q.title, q.project_id as "projectId", p.name as "projectName", q.content ->> 'expiresOn' as "expiresOn", r.approvers,
      array(select s.person_id from quote_signature s where s.tenant_id = q.tenant_id and s.quote_id = q.id)::text[] as signed
    from waiting q join rules r on r.client_id = q.client_id and r.project_id is not distinct from q.project_id
    left join project p on p.tenant_id = q.tenant_id and p.id = q.project_id
    order by q.expires_at, q.id`;
}

/** The quotes of a client that wait for an answer. */
export async function sentTo({ sql, actor }: Context, client: string): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    select q.id from quote q where q.tenant_id = ${actor.tenantId} and q.client_id = ${client} and q.status = 'sent' order by q.id`;
  return rows.map(({ id }) => id);
}

/** Quotes that the client has accepted, the newest first, after the wanted one. */
export async function acceptedQuotes({ sql, actor }: Context, wanted: string | null): Promise<NamedQuote[]> {
  return sql<NamedQuote>`
    select q.id, q.number, q.title, l.name as "clientName"
    from quote q join client l on l.tenant_id = q.tenant_id and l.id = q.client_id
    where q.tenant_id = ${actor.tenantId} and q.status = 'accepted'
    order by (q.id = ${wanted}::uuid) desc nulls last, q.number desc limit ${MOST}`;
}

interface NamedQuote extends Pick<Quote, 'id' | 'number' | 'clientName'> {
  title: string;
}

export interface SentQuote extends Pick<Quote, 'id' | 'number' | 'projectId' | 'projectName'> {
  title: string;
  expiresOn: string;
  approvers: ApproversRow;
  signed: string[];
}

/** Above which amount accepting takes a surer sign of who it is, like 10000.00. */
export async function readLimit({ sql }: Context): Promise<string> {
  const [row] = await sql<{ amount: string }>`select parley_quote_limit()::text as amount`;
  if (!row) throw new Error('a firm has a limit, though nobody set one');
  return row.amount;
}

export async function writeLimit({ sql, actor, now }: Context, amount: string, byName: string): Promise<void> {
  await sql`
    insert into quote_limit (tenant_id, amount, by_name, set_at) values (${actor.tenantId}, ${amount}::numeric, ${byName}, ${now})
    on conflict (tenant_id) do update set amount = excluded.amount, by_name = excluded.by_name, set_at = excluded.set_at`;
}
