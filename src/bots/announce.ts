import type { Press } from '../core/kernel/card.ts';
import type { Sql } from '../core/kernel/db.ts';
import type { Consumer } from '../core/kernel/delivery.ts';
import type { Announcement, Event } from '../core/kernel/event.ts';
import type { Job } from '../core/kernel/jobs.ts';
import type { Fact, Hearer, ToSend } from '../core/kernel/notice.ts';
import type { App } from '../core/kernel/registry.ts';
import type { Channels } from './channel.ts';
import { hearersOf } from './hearers.ts';

export interface DeliverJob {
  tenantId: string;
  roomId: string;
}

/** A worker is to see what a room lacks. At most one such job waits per room; each firm has slots of its own. */
export function deliverJob(tenantId: string, roomId: string, delay?: number): Job {
  return {
    queue: 'deliver',
    // One for later leaves the place free for one that is due now.
    key: delay ? `${roomId}:later` : roomId,
    group: tenantId,
    data: { tenantId, roomId } satisfies DeliverJob,
    ...(delay ? { delay } : {}),
  };
}

/** Follows events: which rooms get a card, and which posted cards are to be drawn again. Rooms that lack something get a job. */
export function announcementConsumer(app: App, channels: Channels): Consumer {
  const { areas } = app.registry;
  const announcements = areas.flatMap((area) => area.announcements.map((one) => ({ ...one, topic: area.name })));
  const messages = areas.flatMap(({ message }) => message ?? []);
  const renames = areas.flatMap((area) => area.renames ?? []);
  return {
    name: 'announcements',
    jobs: async (event, sql, now) => {
      const rooms = new Set(await markChanged(event, sql, channels, renames.includes(event.name) ? [] : messages));
      for (const room of await bringBack(event, sql, channels)) rooms.add(room);
      for (const announcement of announcements.filter(({ on }) => on === event.name))
        for (const room of await addCards(app, announcement, { event, sql, channels, now })) rooms.add(room);
      return [...rooms].map((roomId) => deliverJob(event.tenantId, roomId));
    },
  };
}

/**
 * Notes at every posted card of the thing that changed that it is to be drawn again; of a room, at what it and rooms that
 * ended there show. A card shows its own thing alone: what changes in a project leaves the project's card as it is. What was
 * said about a thing stays said: however much there is of it, the next answer changes none of it.
 * @param lasting the views whose cards stay as they are
 */
async function markChanged(event: Event, sql: Sql, channels: Channels, lasting: readonly string[]): Promise<string[]> {
  const editable = editableOf(channels);
  const rows = await sql<{ room_id: string }>`
    with changed as (
      select id from posted_card
      where tenant_id = ${event.tenantId} and state in ('sending', 'posted') and channel = any(${editable})
        and ((entity = ${event.about.entity} and entity_id = ${event.about.id} and view ->> 'target' <> all(${lasting}))
          or (${event.about.entity} = 'room' and room_id in (
            select o.id from room r join room o on o.tenant_id = r.tenant_id and o.channel = r.channel and o.account = r.account and o.address = r.address
            where r.tenant_id = ${event.tenantId} and r.id = ${event.about.id} and (o.id = r.id or o.unbound_at is not null))))
      order by id for update)
    update posted_card p set changes = p.changes + 1 from changed c where p.tenant_id = ${event.tenantId} and p.id = c.id
    returning p.room_id`;
  return rows.map(({ room_id }) => room_id);
}

/** Of what was never shown in a room, so much is sent at once when it is mended: more would bury what is said there. */
const MISSED = 50;

/**
 * A room that can be written to again gets what did not arrive there: what stands there is drawn again, and of the rest the newest
 * is sent. It goes by how the room is now, so that an event that is late or repeated does nothing more.
 */
async function bringBack(event: Event, sql: Sql, channels: Channels): Promise<string[]> {
  if (event.about.entity !== 'room') return [];
  const rows = await sql<{ room_id: string }>`
    with missed as (
      select p.id, r.channel = any(${editableOf(channels)}) as edits,
        p.ref is null and row_number() over (partition by p.ref is null order by p.created_at desc, p.id desc) > ${MISSED} as late
      from posted_card p join room r on r.tenant_id = p.tenant_id and r.id = p.room_id
      where p.tenant_id = ${event.tenantId} and p.room_id = ${event.about.id} and p.state = 'undeliverable'
        and r.fault is null and r.unbound_at is null),
    -- Not kept as gone: what happens to these things later comes as the first that is heard of them.
    dropped as (
      delete from posted_card p using missed m where p.tenant_id = ${event.tenantId} and p.id = m.id and m.late and p.state = 'undeliverable')
    update posted_card p set state = case when p.ref is not null and m.edits then 'posted' else 'sending' end,
      ref = case when m.edits then p.ref end, attempts = 0, doubt_since = null, error = null, changes = p.changes + 1, updated_at = now()
    from missed m where p.tenant_id = ${event.tenantId} and p.id = m.id and not m.late and p.state = 'undeliverable'
    returning p.room_id`;
  return rows.map(({ room_id }) => room_id);
}

/** The channels whose messages can be changed. */
function editableOf(channels: Channels): string[] {
  return [...channels.values()].filter(({ can }) => can.edit).map(({ name }) => name);
}

/** What an event is handed on with. */
interface HandedOn {
  event: Event;
  sql: Sql;
  channels: Channels;
  now: Date;
}

/**
 * Adds the cards that an announcement means, to be sent when it is their room's turn; one that is there already is drawn again.
 * Rooms that several people read get all of them; how a single person is told, the area of notices decides.
 */
async function addCards(
  app: App,
  announcement: Announcement & { topic: string },
  { event, sql, channels, now }: HandedOn,
): Promise<readonly string[]> {
  const { rooms, people } = await hearersOf(announcement, event, sql, channels);
  if (!rooms.length && !people.length) return [];
  const view = announcement.view(event);
  const { topic, tier, tellsDoer } = announcement;
  const module = app.registry.views.get(view.target)?.module ?? null;
  const fact: Fact = { event, topic, module, view, tier, tellsDoer };
  const told = people.length ? await tell(app, sql, fact, people, now) : NOBODY;
  const shared = rooms.map((room) => {
    const editable = channels.get(room.channel)?.can.edit ?? false;
    // A lasting card has one key for good. Where a message cannot be changed, each news is a message of its own.
    const key =
      announcement.as === 'card' && editable
        ? `card:${view.target}:${event.about.id}:${room.id}`
        : `${announcement.as}:${view.target}:${event.id}:${room.id}`;
    // Mails about one thing stay in one thread.
    return { room: room.id, key, in_thread: announcement.as === 'reply' || !editable };
  });
  // A card that changes in place alerts nobody: in a chat with one person each news is a message of its own as well.
  const isMail = new Set(
    people.flatMap((one) => one.rooms).flatMap(({ id, channel }) => (channel === 'email' ? [id] : [])),
  );
  const own = told.cards.map(({ room, key }) => ({
    ...{ room, key },
    in_thread: announcement.as === 'reply' || isMail.has(room),
  }));
  const cards = [...shared, ...own];
  if (told.replaced.length) await giveUp(sql, event.tenantId, told.replaced);
  const about = announcement.cardAbout(event);
  if (cards.length) await storeCards(sql, { ...event, about, view }, cards, announcement.as !== 'alert');
  return cards.map(({ room }) => room);
}

const NOBODY: ToSend = { cards: [], replaced: [] };

/** Where no area decides about notices, everybody is told at once: in all of their rooms if they are named, else where they read along. */
async function tell({ registry }: App, sql: Sql, fact: Fact, people: readonly Hearer[], now: Date): Promise<ToSend> {
  if (registry.notices) return registry.notices.tell(sql, fact, people, now);
  const { id, actor } = fact.event;
  const cards = people.flatMap(({ person, named, mailOnly, rooms }) => {
    if (person === actor.personId && !fact.tellsDoer) return [];
    const meant = rooms.filter(({ isReachable, channel }) => isReachable && (!mailOnly || channel === 'email'));
    return (named ? meant : meant.slice(0, 1)).map((room) => ({
      room: room.id,
      key: `told:${fact.view.target}:${id}:${room.id}`,
    }));
  });
  return { cards, replaced: [] };
}

/** Cards that could not arrive, and in whose place others are sent: they do not come back when their room is mended. */
async function giveUp(sql: Sql, tenantId: string, keys: readonly string[]): Promise<void> {
  await sql`
    update posted_card set state = 'gone', drawn = changes, look_at = null, updated_at = now()
    where tenant_id = ${tenantId} and key = any(${keys}) and state = 'undeliverable'`;
}

interface NewCard {
  room: string;
  key: string;
  in_thread: boolean;
}

/**
 * Stores cards to be sent, each once per key, however often it is asked for. Those of a channel with a fault wait until it is
 * mended: its row is locked, so that it is mended before they are stored, or after, and then brings them back.
 * @param keeps false for news of a moment, which is not told late
 */
async function storeCards(
  sql: Sql,
  { tenantId, about, projectId, view }: Pick<Event, 'tenantId' | 'about' | 'projectId'> & { view: Press },
  cards: readonly NewCard[],
  keeps: boolean,
): Promise<void> {
  await sql`
    with n as (select * from jsonb_to_recordset(${JSON.stringify(cards)}::jsonb) as n (room uuid, key text, in_thread boolean)),
    faulty as (select id, fault from room where tenant_id = ${tenantId} and id in (select room from n) and fault is not null
      and person_id is null for share)
    insert into posted_card (tenant_id, id, key, room_id, channel, view, entity, entity_id, project_id, in_thread, state, error, changes,
      drawn, created_at)
    select r.tenant_id, gen_random_uuid(), n.key, r.id, r.channel, ${JSON.stringify(view)}::jsonb, ${about.entity}, ${about.id},
      ${projectId}, n.in_thread, case when f.id is null then 'sending' else 'undeliverable' end, f.fault, 1,
      case when f.id is null then 0 else 1 end, clock_timestamp()
    from n join room r on r.tenant_id = ${tenantId} and r.id = n.room and r.unbound_at is null left join faulty f on f.id = r.id
    where f.id is null or ${keeps}
    on conflict (tenant_id, key) do update set changes = posted_card.changes + 1 where posted_card.state in ('sending', 'posted')`;
}

/** A card for one room, as processes of the version before asked for it. */
export interface AnnounceJob {
  tenantId: string;
  roomId: string;
  key: string;
  view: Press;
  about: { entity: string; id: string };
  projectId: string | null;
  reply: boolean;
}

export async function announceOne(sql: Sql, { roomId, key, reply, ...card }: AnnounceJob): Promise<DeliverJob> {
  await storeCards(sql, card, [{ room: roomId, key, in_thread: reply }], true);
  return { tenantId: card.tenantId, roomId };
}

/** A card to be drawn again, as processes of the version before asked for it. */
export interface RefreshJob {
  tenantId: string;
  cardId: string;
}

/** @returns what to deliver; null when the card cannot be drawn again */
export async function refreshOne(sql: Sql, { tenantId, cardId }: RefreshJob): Promise<DeliverJob | null> {
  const [card] = await sql<{ room_id: string }>`
    update posted_card set changes = changes + 1 where tenant_id = ${tenantId} and id = ${cardId} and state in ('sending', 'posted')
      and channel <> 'email' returning room_id`;
  return card ? { tenantId, roomId: card.room_id } : null;
}
