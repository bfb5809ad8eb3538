import type { Press } from '../core/kernel/card.ts';
import type { Row, Sql } from '../core/kernel/db.ts';
import type { Consumer } from '../core/kernel/delivery.ts';
import type { Announcement, Event } from '../core/kernel/event.ts';
import type { Job } from '../core/kernel/jobs.ts';
import type { App } from '../core/kernel/registry.ts';
import type { Channel, Room } from './channel.ts';
import { roomColumns } from './rooms.ts';

/** The channels that are on, by name. */
export type Channels = ReadonlyMap<string, Channel>;

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
  const announcements = areas.flatMap((area) => area.announcements);
  const messages = areas.flatMap(({ message }) => message ?? []);
  const renames = areas.flatMap((area) => area.renames ?? []);
  return {
    name: 'announcements',
    jobs: async (event, sql) => {
      const rooms = new Set(await markChanged(event, sql, channels, renames.includes(event.name) ? [] : messages));
      for (const room of await bringBack(event, sql, channels)) rooms.add(room);
      for (const announcement of announcements.filter(({ on }) => on === event.name))
        for (const room of await addCards(announcement, event, sql, channels)) rooms.add(room);
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

/**
 * A room that can be written to again gets what did not arrive there: what stands there is drawn again, and the rest is sent.
 * It goes by how the room is now, so that an event that is late or repeated does nothing more.
 */
async function bringBack(event: Event, sql: Sql, channels: Channels): Promise<string[]> {
  if (event.about.entity !== 'room') return [];
  const rows = await sql<{ room_id: string }>`
    update posted_card p set state = case when p.ref is not null and e.edits then 'posted' else 'sending' end,
      ref = case when e.edits then p.ref end, attempts = 0, doubt_since = null, error = null, changes = p.changes + 1, updated_at = now()
    from room r cross join lateral (select r.channel = any(${editableOf(channels)}) as edits) e
    where r.tenant_id = ${event.tenantId} and r.id = ${event.about.id} and r.fault is null and r.unbound_at is null
      and p.tenant_id = r.tenant_id and p.room_id = r.id and p.state = 'undeliverable'
    returning p.room_id`;
  return rows.map(({ room_id }) => room_id);
}

/** The channels whose messages can be changed. */
function editableOf(channels: Channels): string[] {
  return [...channels.values()].filter(({ can }) => can.edit).map(({ name }) => name);
}

/** Adds the cards that an announcement means, to be sent when it is their room's turn; one that is there already is drawn again. */
async function addCards(
  announcement: Announcement,
  event: Event,
  sql: Sql,
  channels: Channels,
): Promise<readonly string[]> {
  const rooms = await roomsOf(announcement, event, sql, channels);
  if (!rooms.length) return [];
  const view = announcement.view(event);
  const cards = rooms.map((room) => {
    // A lasting card has one key for good. Where a message cannot be changed, each news is a message of its own.
    const editable = channels.get(room.channel)?.can.edit ?? false;
    const lasting = announcement.as === 'card' && editable;
    return {
      room: room.id,
      key: lasting
        ? `card:${view.target}:${event.about.id}:${room.id}`
        : `${announcement.as}:${view.target}:${event.id}:${room.id}`,
      // Mails about one thing stay in one thread.
      in_thread: announcement.as === 'reply' || !editable,
    };
  });
  await storeCards(sql, { ...event, view }, cards);
  return cards.map(({ room }) => room);
}

interface NewCard {
  room: string;
  key: string;
  in_thread: boolean;
}

/** Stores cards to be sent, each once per key, however often it is asked for. */
async function storeCards(
  sql: Sql,
  { tenantId, about, projectId, view }: Pick<Event, 'tenantId' | 'about' | 'projectId'> & { view: Press },
  cards: readonly NewCard[],
): Promise<void> {
  await sql`
    insert into posted_card (tenant_id, id, key, room_id, channel, view, entity, entity_id, project_id, in_thread, state, changes, created_at)
    select r.tenant_id, gen_random_uuid(), n.key, r.id, r.channel, ${JSON.stringify(view)}::jsonb, ${about.entity}, ${about.id},
      ${projectId}, n.in_thread, 'sending', 1, clock_timestamp()
    from jsonb_to_recordset(${JSON.stringify(cards)}::jsonb) as n (room uuid, key text, in_thread boolean)
    join room r on r.tenant_id = ${tenantId} and r.id = n.room and r.unbound_at is null
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
  await storeCards(sql, card, [{ room: roomId, key, in_thread: reply }]);
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

async function roomsOf(announcement: Announcement, event: Event, sql: Sql, channels: Channels): Promise<Room[]> {
  const audience = announcement.audience(event);
  const audiences = audience.flatMap((one) => ('audience' in one ? [one.audience] : []));
  const roomIds = audience.flatMap((one) => ('room' in one ? [one.room] : []));
  const people = audience.flatMap((one) => ('person' in one ? [one.person] : []));
  const everywhere = audience.flatMap((one) => ('person' in one && one.everywhere ? [one.person] : []));
  const rooms = (
    await sql<Row>`
      select * from room where tenant_id = ${event.tenantId} and fault is null and unbound_at is null
        and ((audience = any(${audiences}) and (client_id is null or client_id = ${event.clientId}) and (project_id is null or project_id = ${event.projectId}))
          or id = any(${roomIds}::uuid[]) or (person_id = any(${people}::uuid[]) and channel = 'email')
          or (person_id = any(${everywhere}::uuid[]) and exists (select from identity i where i.tenant_id = room.tenant_id
            and i.person_id = room.person_id and i.provider = room.channel and i.account = room.account and i.external_id = room.address)))`
  ).map(roomColumns);
  // The doer is not told what they just did; their own mailbox stays quiet, unless it was written to by name.
  const quiet = (room: Room) =>
    (room.personId !== null && room.personId === event.actor.personId && !people.includes(room.personId)) ||
    // What was written in a thread of the room stands there already.
    (announcement.as === 'reply' && event.data.saidIn === room.id);
  const reached = ({ channel, personId }: Room) =>
    personId && channel !== 'email' ? channels.get(channel)?.can.direct : channels.has(channel);
  return rooms.filter((room) => reached(room) && !quiet(room));
}
