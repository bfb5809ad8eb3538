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
  /** When it was last said that whoever has it is alive (performance.now()). */
  heardAt: number;
  /** Turns of this process that began earlier have lower numbers. */
  order: number;
}

let begunHere = 0;

/** A card that its room lacks. */
export interface DueCard {
  id: string;
  room_id: string;
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

/** What became of the wish to write to a room: a turn, a pause, or nothing where whoever has it was asked to go on. */
export type Begun = Turn | RetryLater | null;

interface Wanted {
  room_id: string;
  mine: boolean;
  held: boolean;
  doubtful: boolean;
  paused: number | null;
  closing: boolean;
  room: object;
}

/**
 * Takes rooms of one firm, each once. Whoever has one already is asked to go on; one is left where whoever has it may
 * have died, or where the platform wants a pause.
 */
export async function beginTurns(sql: Sql, tenantId: string, roomIds: readonly string[]): Promise<Map<string, Begun>> {
  const holder = crypto.randomUUID();
  // In one order everywhere, so that two who take several rooms do not wait for each other.
  const found = await sql<Wanted>`
    with wanted as (
      select r.*, c.paused_until as account_paused from room r
      left join connection c on c.tenant_id = r.tenant_id and c.tool = r.channel and c.account = r.account
      where r.tenant_id = ${tenantId} and r.id = any(${roomIds}::uuid[])
    ), turn as (
      insert into room_delivery as d (tenant_id, room_id, holder, beat_at)
      select tenant_id, id, case when account_paused > now() then null else ${holder}::uuid end, case when account_paused > now() then null else now() end
      from wanted order by id
      on conflict (tenant_id, room_id) do update set
        holder = case when d.holder is not null and d.beat_at >= now() - make_interval(secs => ${LEASE_SECONDS}) then d.holder
          when d.paused_until > now() then null else excluded.holder end,
        beat_at = case when d.holder is not null and d.beat_at >= now() - make_interval(secs => ${LEASE_SECONDS}) then d.beat_at
          when d.paused_until > now() then null else excluded.beat_at end,
        again = d.holder is not null and d.beat_at >= now() - make_interval(secs => ${LEASE_SECONDS})
      returning d.*)
    select t.room_id, coalesce(t.holder = ${holder}::uuid, false) as mine, t.holder is not null as held,
      t.beat_at < now() - make_interval(secs => ${DOUBTFUL_SECONDS}) as doubtful,
      ceil(extract(epoch from greatest(t.paused_until, r.account_paused) - now()))::int as paused, to_jsonb(r) as room,
      exists (select from room e join posted_card p on p.tenant_id = e.tenant_id and p.room_id = e.id
        where e.tenant_id = r.tenant_id and e.channel = r.channel and e.account = r.account and e.address = r.address
          and e.unbound_at is not null and e.id <> r.id
          and (p.state = 'posted' or (p.state = 'sending' and p.updated_at > now() - make_interval(secs => ${LEASE_SECONDS}))))
        and exists (select from posted_card p where p.tenant_id = r.tenant_id and p.room_id = r.id and p.state = 'sending') as closing
    from turn t join wanted r on r.id = t.room_id`;
  return new Map(found.map((one) => [one.room_id, begun(tenantId, holder, one)]));
}

function begun(tenantId: string, holder: string, { room_id: roomId, mine, closing, room, ...found }: Wanted): Begun {
  if (mine) {
    begunHere += 1;
    const times = { heardAt: performance.now(), order: begunHere };
    return { tenantId, roomId, holder, room: roomColumns(room as Record<string, unknown>), closing, ...times };
  }
  if (!found.held) return new RetryLater(found.paused ?? 1, 'the platform asked for a pause');
  return found.doubtful ? new RetryLater(2, 'whoever writes to this room may have died') : null;
}

/** Gives rooms back; those for which more came meanwhile. */
export async function endTurns(sql: Sql, tenantId: string, turns: readonly Turn[]): Promise<Set<string>> {
  const ended = await sql<{ room_id: string }>`
    with held as (
      select d.room_id, d.again from room_delivery d
      join jsonb_to_recordset(${heldBy(turns)}::jsonb) as t (room uuid, holder uuid) on t.room = d.room_id and t.holder = d.holder
      where d.tenant_id = ${tenantId} order by d.room_id for update of d)
    update room_delivery d set holder = null, beat_at = null, again = false from held h
    where d.tenant_id = ${tenantId} and d.room_id = h.room_id
    returning case when h.again then d.room_id end as room_id`;
  return new Set(ended.flatMap(({ room_id: room }) => (room ? [room] : [])));
}

/** Says that whoever has the rooms is alive; which of them they still have. */
export async function renewTurns(sql: Sql, tenantId: string, turns: readonly Turn[]): Promise<Set<string>> {
  const held = await sql<{ room_id: string }>`
    with held as (
      select d.room_id from room_delivery d
      join jsonb_to_recordset(${heldBy(turns)}::jsonb) as t (room uuid, holder uuid) on t.room = d.room_id and t.holder = d.holder
      where d.tenant_id = ${tenantId} order by d.room_id for update of d)
    update room_delivery d set beat_at = now() from held h where d.tenant_id = ${tenantId} and d.room_id = h.room_id returning d.room_id`;
  return new Set(held.map(({ room_id: room }) => room));
}

function heldBy(turns: readonly Turn[]): string {
  return JSON.stringify(turns.map(({ roomId, holder }) => ({ room: roomId, holder })));
}

/** Tries of one card after which it no longer holds up those behind it. */
const PATIENCE = 5;

/**
 * Takes what rooms lack, up to so many cards of each: first what is to be sent, in the order in which it happened, then
 * what is to be drawn again. From now on each of those to be sent counts as perhaps sent, until somebody knows better.
 */
export async function takeCards(sql: Sql, tenantId: string, turns: readonly Turn[], limit: number): Promise<DueCard[]> {
  if (!turns.length) return [];
  const rooms = turns.map(({ roomId, closing }) => ({ room: roomId, closing }));
  return sql<DueCard>`
    with due as (
      select c.* from jsonb_to_recordset(${JSON.stringify(rooms)}::jsonb) as w (room uuid, closing boolean) cross join lateral (
        select id, state, attempts, doubt_since, look_at from posted_card
        where tenant_id = ${tenantId} and room_id = w.room and (state = 'sending' or drawn < changes or look_at is not null)
          and ((state = 'sending' and not w.closing) or (state = 'posted' and ref is not null and (drawn < changes or look_at <= now())))
        order by state <> 'sending', attempts >= ${PATIENCE}, created_at, id limit ${limit}) c
    ), taken as (
      update posted_card p set attempts = p.attempts + 1, doubt_since = now(), updated_at = now()
      from due d where p.tenant_id = ${tenantId} and p.id = d.id and d.state = 'sending')
    select d.id, p.room_id, d.state, d.attempts + 1 as attempts, p.ref, p.view, p.render_hash, p.changes, p.drawn, p.created_at::text, d.doubt_since::text,
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
  const ids = shown.map(({ id }) => id);
  // Asked for by id: of the rows of a parameter the planner knows nothing, and would read the whole table.
  await sql`
    with shown as (
      select p.id, s.changes, s.hash from posted_card p
      join jsonb_to_recordset(${JSON.stringify(shown)}::jsonb) as s (id uuid, changes int, hash text) on s.id = p.id
      where p.tenant_id = ${tenantId} and p.id = any(${ids}::uuid[]) order by p.id for update of p)
    update posted_card p set drawn = s.changes, render_hash = s.hash, error = null,
      updated_at = case when p.render_hash is distinct from s.hash then now() else p.updated_at end
    from shown s where p.tenant_id = ${tenantId} and p.id = s.id and p.id = any(${ids}::uuid[])`;
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
