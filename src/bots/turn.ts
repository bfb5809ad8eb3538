import type { Press } from '../core/kernel/card.ts';
import type { Sql } from '../core/kernel/db.ts';
import { LEASE_SECONDS, RetryLater } from '../core/kernel/jobs.ts';
import type { DeliverJob } from './announce.ts';
import type { MessageRef, Room } from './channel.ts';
import { roomColumns } from './rooms.ts';

/** The right to write to one room. Two who did so at once could leave the older of two states on a card. */
export interface Turn extends DeliverJob {
  /** Names whoever has the room: one that was given up changes nothing any more. */
  holder: string;
  room: Room;
  /** Something still stands in the channel that was shown for other readers: it is closed before anything new is sent. */
  closing: boolean;
}

/** A card that its room lacks. */
export interface DueCard {
  id: string;
  state: 'sending' | 'posted';
  attempts: number;
  ref: MessageRef | null;
  view: Press;
  render_hash: string | null;
  /** The changes that a drawing of now shows. */
  changes: number;
  drawn: number;
  created_at: string;
  /** When a message of it was last sent of which nobody knows whether it arrived. */
  doubt_since: string | null;
  /** It is time to look for such a message. */
  looks: boolean;
  in_thread: boolean;
  /** The card in whose thread it was sent. */
  thread: { id: string; ref: MessageRef } | null;
}

/** Seconds after which whoever has a room may have died; then it is not left to them alone. */
const DOUBTFUL_SECONDS = 5;

/**
 * Takes a room. Whoever has it already is asked to go on, and null comes back.
 * @throws RetryLater when whoever has it may have died, or the platform wants a pause
 */
export async function beginTurn(sql: Sql, { tenantId, roomId }: DeliverJob): Promise<Turn | null> {
  const holder = crypto.randomUUID();
  const [found] = await sql<{
    holder: string;
    doubtful: boolean;
    paused: number | null;
    closing: boolean;
    room: object;
  }>`
    with turn as (
      insert into room_delivery as d (tenant_id, room_id, holder, beat_at)
      select ${tenantId}, r.id, ${holder}::uuid, now() from room r where r.tenant_id = ${tenantId} and r.id = ${roomId}
      on conflict (tenant_id, room_id) do update set
        holder = case when d.holder is null or d.beat_at < now() - make_interval(secs => ${LEASE_SECONDS}) then excluded.holder else d.holder end,
        beat_at = case when d.holder is null or d.beat_at < now() - make_interval(secs => ${LEASE_SECONDS}) then now() else d.beat_at end,
        again = not (d.holder is null or d.beat_at < now() - make_interval(secs => ${LEASE_SECONDS}))
      returning d.*)
    select t.holder, t.beat_at < now() - make_interval(secs => ${DOUBTFUL_SECONDS}) as doubtful,
      ceil(extract(epoch from greatest(t.paused_until, c.paused_until) - now()))::int as paused, to_jsonb(r) as room,
      exists (select from room e join posted_card p on p.tenant_id = e.tenant_id and p.room_id = e.id
        where e.tenant_id = r.tenant_id and e.channel = r.channel and e.account = r.account and e.address = r.address
          and e.unbound_at is not null and e.id <> r.id
          and (p.state = 'posted' or (p.state = 'sending' and p.updated_at > now() - make_interval(secs => ${LEASE_SECONDS}))))
        and exists (select from posted_card p where p.tenant_id = r.tenant_id and p.room_id = r.id and p.state = 'sending') as closing
    from turn t join room r on r.tenant_id = t.tenant_id and r.id = t.room_id
    left join connection c on c.tenant_id = r.tenant_id and c.tool = r.channel and c.account = r.account`;
  if (!found) return null;
  if (found.holder !== holder) {
    if (found.doubtful) throw new RetryLater(2, 'whoever writes to this room may have died');
    return null;
  }
  // What is thrown here gives the room back with the transaction.
  if (found.paused && found.paused > 0) throw new RetryLater(found.paused, 'the platform asked for a pause');
  const room = roomColumns(found.room as Record<string, unknown>);
  return { tenantId, roomId, holder, room, closing: found.closing };
}

/** Gives a room back; true when more came meanwhile. */
export async function endTurn(sql: Sql, { tenantId, roomId, holder }: Turn): Promise<boolean> {
  const [ended] = await sql<{ again: boolean }>`
    with before as (select again from room_delivery where tenant_id = ${tenantId} and room_id = ${roomId} and holder = ${holder} for update)
    update room_delivery set holder = null, beat_at = null, again = false
    where tenant_id = ${tenantId} and room_id = ${roomId} and holder = ${holder} returning (select again from before) as again`;
  return ended?.again ?? false;
}

/**
 * Says that whoever has the room is alive.
 * @throws Error when it was given to somebody else meanwhile
 */
export async function renewTurn(sql: Sql, { tenantId, roomId, holder }: Turn): Promise<void> {
  const held = await sql`
    update room_delivery set beat_at = now() where tenant_id = ${tenantId} and room_id = ${roomId} and holder = ${holder} returning room_id`;
  if (!held.length) throw new Error('this room was taken over by another worker');
}

/** Tries of one card after which it no longer holds up those behind it. */
const PATIENCE = 5;

/**
 * Takes what the room lacks: first what is to be sent, in the order in which it happened, then what is to be drawn again.
 * From now on each of those to be sent counts as perhaps sent, until somebody knows better.
 */
export async function takeCards(sql: Sql, { tenantId, roomId, closing }: Turn, limit: number): Promise<DueCard[]> {
  return sql<DueCard>`
    with due as (
      select id, state, attempts, doubt_since, look_at from posted_card
      where tenant_id = ${tenantId} and room_id = ${roomId} and (state = 'sending' or drawn < changes or look_at is not null)
        and ((state = 'sending' and not ${closing}) or (state = 'posted' and ref is not null and (drawn < changes or look_at <= now())))
      order by state <> 'sending', attempts >= ${PATIENCE}, created_at, id limit ${limit}
    ), taken as (
      update posted_card p set attempts = p.attempts + 1, doubt_since = now(), updated_at = now()
      from due d where p.tenant_id = ${tenantId} and p.id = d.id and d.state = 'sending')
    select d.id, d.state, d.attempts + 1 as attempts, p.ref, p.view, p.render_hash, p.changes, p.drawn, p.created_at::text, d.doubt_since::text,
      coalesce(d.look_at <= now(), false) as looks,
      p.in_thread, (select jsonb_build_object('id', t.id, 'ref', t.ref) from posted_card t where t.tenant_id = ${tenantId} and t.id = p.thread_of) as thread
    from due d join posted_card p on p.tenant_id = ${tenantId} and p.id = d.id
    order by d.state <> 'sending', d.attempts >= ${PATIENCE}, p.created_at, p.id`;
}

/** The card in whose thread one is to be sent: the first of the same thing that its room has. */
export async function threadFor(sql: Sql, { tenantId, roomId }: DeliverJob, due: DueCard): Promise<DueCard['thread']> {
  const [first] = await sql<NonNullable<DueCard['thread']>>`
    select t.id, t.ref from posted_card p join posted_card t on t.tenant_id = p.tenant_id and t.room_id = p.room_id
      and t.entity = p.entity and t.entity_id = p.entity_id and t.id <> p.id and t.ref is not null and t.thread_of is null
    where p.tenant_id = ${tenantId} and p.id = ${due.id} and p.room_id = ${roomId} order by t.created_at limit 1`;
  return first ?? null;
}

/** Gives cards back that were taken to be sent and certainly were not. */
export async function giveBack(sql: Sql, tenantId: string, cards: readonly DueCard[]): Promise<void> {
  const given = cards.filter(({ state }) => state === 'sending').map(({ id, doubt_since }) => ({ id, doubt_since }));
  if (!given.length) return;
  await sql`
    update posted_card p set attempts = p.attempts - 1, doubt_since = g.doubt_since
    from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as g (id uuid, doubt_since timestamptz)
    where p.tenant_id = ${tenantId} and p.id = g.id and p.state = 'sending'`;
}

/** What a card shows now, and up to which change. */
export interface Shown {
  id: string;
  changes: number;
  hash: string;
}

export async function noteShown(sql: Sql, tenantId: string, shown: readonly Shown[]): Promise<void> {
  if (!shown.length) return;
  await sql`
    update posted_card p set drawn = s.changes, render_hash = s.hash, error = null,
      updated_at = case when p.render_hash is distinct from s.hash then now() else p.updated_at end
    from jsonb_to_recordset(${JSON.stringify(shown)}::jsonb) as s (id uuid, changes int, hash text)
    where p.tenant_id = ${tenantId} and p.id = s.id`;
}

/** Notes a pause that the platform asked for: for the room, or for the whole account. Several rooms at once mean the account. */
export async function notePause(
  sql: Sql,
  { tenantId, roomId, room }: Turn,
  seconds: number,
  whole: boolean,
): Promise<void> {
  await sql`
    update room_delivery set paused_until = greatest(paused_until, now() + make_interval(secs => ${seconds}))
    where tenant_id = ${tenantId} and room_id = ${roomId}`;
  await sql`
    update connection c set paused_until = greatest(c.paused_until, now() + make_interval(secs => ${seconds}))
    where c.tenant_id = ${tenantId} and c.tool = ${room.channel} and c.account = ${room.account}
      and (${whole} or 2 < (select count(*) from room_delivery d join room r on r.tenant_id = d.tenant_id and r.id = d.room_id
        where d.tenant_id = ${tenantId} and d.paused_until > now() and r.channel = ${room.channel} and r.account = ${room.account}))`;
}
