import type { ChannelName } from '../kernel/actor.ts';
import type { Press } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import type { Sql } from '../kernel/db.ts';
import type { Tier } from '../kernel/event.ts';
import type { Fact, Hearer } from '../kernel/notice.ts';
import type { Decision } from './decide.ts';
import type { Notice, Reason } from './schema.ts';

/** A notice as it is worked with. */
export interface NoticeRow {
  id: string;
  personId: string;
  eventId: string;
  seq: number;
  event: string;
  entity: string;
  entityId: string;
  clientId: string | null;
  projectId: string | null;
  topic: string;
  tier: Tier;
  view: Press;
  mailOnly: boolean;
  named: boolean;
  decision: Notice['decision'];
  reason: Reason;
  channels: ChannelName[];
  failed: string[];
  dueAt: Date | null;
}

/** A decision about one person, to be noted. */
export interface Decided {
  id: string;
  hearer: Hearer;
  decision: Decision;
}

/** Notes decisions about a fact; those that were noted before are left as they are. @returns the ids of those that are new */
export async function addNotices(
  sql: Sql,
  { event, topic, tier, view }: Fact,
  decided: readonly Decided[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const rows = decided.map(({ id, hearer: { person, mailOnly, named }, decision }) => ({
    ...{ id, person, mail_only: mailOnly, named },
    ...columnsOf(decision),
  }));
  const added = await sql<{ id: string }>`
    insert into notice (tenant_id, id, person_id, event_id, event_seq, event_name, entity, entity_id, client_id, project_id, topic, tier, view,
      mail_only, named, decision, reason, channels, due_at, created_at, decided_at)
    select ${event.tenantId}, d.id, d.person, ${event.id}, ${event.seq}, ${event.name}, ${event.about.entity}, ${event.about.id}, ${event.clientId},
      ${event.projectId}, ${topic}, ${tier}, ${JSON.stringify(view)}::jsonb, d.mail_only, d.named, d.decision, d.reason, d.channels, d.due_at, ${now}, ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as d (id uuid, person uuid, mail_only boolean, named boolean, decision text, reason text, channels text[], due_at timestamptz)
    join person p on p.tenant_id = ${event.tenantId} and p.id = d.person
    on conflict (tenant_id, person_id, event_id) do nothing returning id`;
  return new Set(added.map(({ id }) => id));
}

/** Notes what was decided about a notice that waited. */
export async function decideAgain(
  sql: Sql,
  tenantId: string,
  id: string,
  decision: Decision,
  now: Date,
): Promise<void> {
  const { decision: what, reason, channels, due_at } = columnsOf(decision);
  await sql`
    update notice set decision = ${what}, reason = ${reason}, channels = ${channels}, due_at = ${due_at}, decided_at = ${now}
    where tenant_id = ${tenantId} and id = ${id}`;
}

function columnsOf(decision: Decision) {
  return {
    decision: decision.decision,
    reason: decision.reason,
    channels: decision.decision === 'sent' ? decision.channels : [],
    due_at: decision.decision === 'held' ? decision.until : decision.decision === 'digest' ? decision.at : null,
  };
}

/** A notice, locked until it is decided about. */
export async function lockNotice(sql: Sql, tenantId: string, id: string): Promise<NoticeRow | null> {
  const [row] = await sql<NoticeRow>`
    select id, person_id as "personId", event_id as "eventId", event_seq as seq, event_name as event, entity, entity_id as "entityId",
      client_id as "clientId", project_id as "projectId", topic, tier, view, mail_only as "mailOnly", named, decision, reason, channels, failed,
      due_at as "dueAt"
    from notice where tenant_id = ${tenantId} and id = ${id} for update`;
  return row ?? null;
}

/** What waits for somebody's digest and is due, the oldest first, locked until it is sent. */
export async function lockDue({ sql, actor, now }: Context, person: string): Promise<NoticeRow[]> {
  return sql<NoticeRow>`
    select id, person_id as "personId", event_id as "eventId", event_seq as seq, event_name as event, entity, entity_id as "entityId",
      client_id as "clientId", project_id as "projectId", topic, tier, view, mail_only as "mailOnly", named, decision, reason, channels, failed,
      due_at as "dueAt"
    from notice where tenant_id = ${actor.tenantId} and person_id = ${person} and decision = 'digest' and due_at <= ${now}
    order by created_at, id for update`;
}

/** Of some notices: they came with a digest. */
export async function putIntoDigest(
  { sql, actor, now }: Context,
  digest: string,
  ids: readonly string[],
): Promise<void> {
  await sql`
    update notice set decision = 'digested', digest_id = ${digest}, due_at = null, decided_at = ${now}
    where tenant_id = ${actor.tenantId} and id = any(${ids}::uuid[])`;
}

/** Of some notices: they are not sent. */
export async function giveUp({ sql, actor, now }: Context, ids: readonly string[], reason: Reason): Promise<void> {
  if (!ids.length) return;
  await sql`
    update notice set decision = 'none', reason = ${reason}, channels = '{}', due_at = null, digest_id = null, decided_at = ${now}
    where tenant_id = ${actor.tenantId} and id = any(${ids}::uuid[])`;
}
