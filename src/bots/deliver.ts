import { createHash } from 'node:crypto';
import type { Card, Press } from '../core/kernel/card.ts';
import type { Context } from '../core/kernel/context.ts';
import { withActor } from '../core/kernel/context.ts';
import type { Sql } from '../core/kernel/db.ts';
import type { Consumer } from '../core/kernel/delivery.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { Announcement, Event } from '../core/kernel/event.ts';
import type { Job } from '../core/kernel/jobs.ts';
import { LEASE_SECONDS, RetryLater } from '../core/kernel/jobs.ts';
import type { App } from '../core/kernel/registry.ts';
import { showView } from '../core/kernel/registry.ts';
import type { Channel, MessageRef, Room } from './channel.ts';
import { MessageGone, Undeliverable } from './channel.ts';
import type { Drawing } from './drawing.ts';
import { beginDrawing, endDrawing, giveUpDrawing } from './drawing.ts';
import { audienceOf, closedCard, roomColumns } from './rooms.ts';

/** The channels that are on, by name. */
export type Channels = ReadonlyMap<string, Channel>;

export interface AnnounceJob {
  tenantId: string;
  roomId: string;
  /** Posted once per key, however often the job runs. */
  key: string;
  view: Press;
  about: { entity: string; id: string };
  projectId: string | null;
  /** True for a message of its own in the thread of the thing's card. */
  reply: boolean;
}

export interface RefreshJob {
  tenantId: string;
  cardId: string;
}

/** Follows events: which rooms get a card, and which posted cards are to be drawn again. */
export function announcementConsumer(app: App, channels: Channels): Consumer {
  const announcements = app.registry.areas.flatMap((area) => area.announcements);
  return {
    name: 'announcements',
    jobs: async (event, sql) => [
      ...(await refreshJobs(event, sql)),
      ...(await announceJobs(
        announcements.filter((announcement) => announcement.on === event.name),
        event,
        sql,
        channels,
      )),
    ],
  };
}

/** Every posted card of the thing that changed, and of its project; of a room, what it and rooms that ended there show. */
async function refreshJobs(event: Event, sql: Sql): Promise<Job[]> {
  const cards = await sql<{ id: string }>`
    select id from posted_card where tenant_id = ${event.tenantId} and state in ('sending', 'posted')
      and ((entity = ${event.about.entity} and entity_id = ${event.about.id}) or (entity = 'project' and entity_id = ${event.projectId})
        or (${event.about.entity} = 'room' and room_id in (
          select o.id from room r join room o on o.tenant_id = r.tenant_id and o.channel = r.channel and o.account = r.account and o.address = r.address
          where r.tenant_id = ${event.tenantId} and r.id = ${event.about.id} and (o.id = r.id or o.unbound_at is not null))))`;
  return cards.map(({ id }) => refreshJob(event.tenantId, id));
}

function refreshJob(tenantId: string, cardId: string): Job {
  return { queue: 'refresh', key: cardId, data: { tenantId, cardId } satisfies RefreshJob };
}

async function announceJobs(announcements: Announcement[], event: Event, sql: Sql, channels: Channels): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const announcement of announcements) {
    const audience = announcement.audience(event);
    const audiences = audience.flatMap((one) => ('audience' in one ? [one.audience] : []));
    const roomIds = audience.flatMap((one) => ('room' in one ? [one.room] : []));
    const people = audience.flatMap((one) => ('person' in one ? [one.person] : []));
    const rooms = (
      await sql`
        select * from room where tenant_id = ${event.tenantId} and fault is null and unbound_at is null
          and ((audience = any(${audiences}) and (client_id is null or client_id = ${event.clientId}) and (project_id is null or project_id = ${event.projectId}))
            or id = any(${roomIds}::uuid[]) or (person_id = any(${people}::uuid[]) and channel = 'email'))`
    ).map(roomColumns);
    // The doer is not told what they just did; their own mailbox stays quiet, unless it was written to by name.
    const quiet = (room: Room) =>
      (room.personId !== null && room.personId === event.actor.personId && !people.includes(room.personId)) ||
      // What was written in a thread of the room stands there already.
      (announcement.as === 'reply' && event.data.saidIn === room.id);
    for (const room of rooms.filter((one) => channels.has(one.channel) && !quiet(one))) {
      jobs.push({ queue: 'announce', data: announceJob(announcement, event, room, channels) });
    }
  }
  return jobs;
}

function announceJob(announcement: Announcement, event: Event, room: Room, channels: Channels): AnnounceJob {
  const view = announcement.view(event);
  // A lasting card has one key for good. Where a message cannot be changed, each news is a message of its own.
  const editable = channels.get(room.channel)?.can.edit ?? false;
  const key =
    announcement.as === 'card' && editable
      ? `card:${view.target}:${event.about.id}:${room.id}`
      : `${announcement.as}:${view.target}:${event.id}:${room.id}`;
  return {
    tenantId: event.tenantId,
    roomId: room.id,
    key,
    view,
    about: event.about,
    projectId: event.projectId,
    // Mails about one thing stay in one thread.
    reply: announcement.as === 'reply' || !editable,
  };
}

interface Posted {
  id: string;
  state: string;
  attempts: number;
  ref: MessageRef | null;
  view: Press;
  render_hash: string | null;
  created_at: string;
  thread: MessageRef | null;
  room: Room;
}

/** Posts a card once; an announcement of a card that is already there draws it again. */
export async function announce(app: App, channels: Channels, job: AnnounceJob): Promise<void> {
  const { room, closing } = await system(app, job.tenantId, ({ sql }) => roomToPostIn(sql, job));
  if (closing) throw new RetryLater(2, 'what was shown there for other readers is closed first');
  // Where the people of the room may see nothing of it (a contact outside the project), nothing is posted.
  const card = room && (await draw(app, room, job.view));
  if (!card) return;
  const posted = await claimCard(app, job, card);
  if (!posted) return;
  if (posted === 'busy') throw new RetryLater(2, 'another worker is sending this card');
  if (posted.state === 'undeliverable' || posted.state === 'gone') return;
  if (posted.state === 'posted') return refresh(app, channels, { tenantId: job.tenantId, cardId: posted.id });
  const channel = channels.get(posted.room.channel);
  if (!channel) return;
  try {
    const posting = { cardId: posted.id, thread: posted.thread };
    // A first attempt may have been sent by a worker that died before it could say so.
    const earlier =
      posted.attempts > 1 ? await channel.find?.(posted.room, posting, new Date(posted.created_at)) : null;
    if (!earlier && posted.room.ended) return noteState(app, job.tenantId, posted.id, 'gone', ENDED);
    const ref = earlier ?? (await channel.send(posted.room, card, posting));
    await notePosted(app, job.tenantId, posted.id, ref, earlier ? null : hashOf(card));
  } catch (error) {
    if (!(error instanceof Undeliverable)) throw error;
    await noteUndeliverable(app, posted, error.message);
  }
}

const ENDED = 'the room was unbound';

/** The room, and whether something still stands there that was shown for other readers. */
async function roomToPostIn(sql: Sql, { tenantId, roomId }: AnnounceJob): Promise<{ room?: Room; closing: boolean }> {
  const [row] = await sql`
    select r.*, exists (select from room e join posted_card p on p.tenant_id = e.tenant_id and p.room_id = e.id
      where e.tenant_id = r.tenant_id and e.channel = r.channel and e.account = r.account and e.address = r.address
        and e.unbound_at is not null and e.id <> r.id
        and (p.state = 'posted' or (p.state = 'sending' and p.updated_at > now() - make_interval(secs => ${LEASE_SECONDS})))) as closing
    from room r where r.tenant_id = ${tenantId} and r.id = ${roomId}`;
  return row ? { room: roomColumns(row), closing: Boolean(row.closing) } : { closing: false };
}

/** Draws a posted card for its room and sends it if it looks different from what is there. */
export async function refresh(app: App, channels: Channels, job: RefreshJob): Promise<void> {
  // A card that is still being sent needs none: posting ends with a refresh of its own.
  const { tenantId } = job;
  let drawing = await system(app, tenantId, ({ sql }) => beginDrawing(sql, tenantId, job.cardId));
  while (drawing) {
    const mine = drawing;
    try {
      drawing = await drawAgain(app, channels, tenantId, mine);
    } catch (error) {
      await system(app, tenantId, ({ sql }) => giveUpDrawing(sql, tenantId, mine));
      throw error;
    }
  }
}

/** Draws a card that is ours to draw; returns the drawing to go on with when it is to be drawn once more. */
async function drawAgain(app: App, channels: Channels, tenantId: string, drawing: Drawing): Promise<Drawing | null> {
  const posted = await system(app, tenantId, ({ sql }) => readCard(sql, tenantId, drawing.cardId));
  const channel = posted && channels.get(posted.room.channel);
  if (!posted?.ref || !channel?.can.edit) {
    await system(app, tenantId, ({ sql }) => giveUpDrawing(sql, tenantId, drawing));
    return null;
  }
  const card = await draw(app, posted.room, posted.view);
  if (!card) {
    const reason = 'there is nothing here any more for the people of this room';
    await noteState(app, tenantId, posted.id, 'gone', reason);
    return null;
  }
  const hash = hashOf(card);
  try {
    if (hash !== posted.render_hash)
      await channel.update(posted.room, posted.ref, card, { cardId: posted.id, thread: posted.thread });
  } catch (error) {
    if (error instanceof MessageGone) await noteState(app, tenantId, posted.id, 'gone', error.message);
    else if (error instanceof Undeliverable) await noteUndeliverable(app, posted, error.message);
    else throw error;
    return null;
  }
  if (posted.room.ended) {
    await noteState(app, tenantId, posted.id, 'gone', ENDED);
    return null;
  }
  return system(app, tenantId, ({ sql }) => endDrawing(sql, tenantId, drawing, hash));
}

/** What a card would be if it were drawn now, by the registry; null when its people may see nothing of it. */
async function draw(app: App, room: Room, view: Press): Promise<Card | null> {
  if (room.ended) return closedCard(room);
  try {
    return await showView(app, audienceOf(room), view);
  } catch (error) {
    if (error instanceof DomainError && (error.code === 'not_found' || error.code === 'forbidden')) return null;
    throw error;
  }
}

export interface CardDrift {
  cardId: string;
  room: string;
  channel: string;
}

/** Every posted card that differs from what would be drawn now; at rest there is none (G3). A mail cannot be changed once sent. */
export async function driftingCards(app: App, tenantId: string): Promise<CardDrift[]> {
  const ids = await system(
    app,
    tenantId,
    ({ sql }) =>
      sql<{
        id: string;
      }>`select id from posted_card where tenant_id = ${tenantId} and state in ('sending', 'posted') and channel <> 'email'`,
  );
  const drifting: CardDrift[] = [];
  for (const { id } of ids) {
    const posted = await system(app, tenantId, ({ sql }) => readCard(sql, tenantId, id));
    if (!posted) continue;
    const card = await draw(app, posted.room, posted.view);
    if (!posted.ref || !card || hashOf(card) !== posted.render_hash)
      drifting.push({ cardId: id, room: posted.room.name, channel: posted.room.channel });
  }
  return drifting;
}

/** Takes the card to send it; null when there is none and its room has ended. */
async function claimCard(app: App, job: AnnounceJob, card: Card): Promise<Posted | 'busy' | null> {
  return system(app, job.tenantId, async ({ sql, newId }) => {
    const [made] = await sql<{ id: string }>`
      insert into posted_card (tenant_id, id, key, room_id, channel, view, entity, entity_id, project_id, thread_of, state, attempts)
      select ${job.tenantId}, ${newId()}, ${job.key}, r.id, r.channel, ${JSON.stringify(job.view)}, ${card.about.entity}, ${card.about.id}, ${job.projectId},
        (select p.id from posted_card p where ${job.reply} and p.tenant_id = r.tenant_id and p.room_id = r.id and p.entity = ${job.about.entity}
          and p.entity_id = ${job.about.id} and p.ref is not null and p.thread_of is null order by p.created_at limit 1),
        'sending', 0
      from room r where r.tenant_id = ${job.tenantId} and r.id = ${job.roomId} and r.unbound_at is null
      on conflict (tenant_id, key) do nothing returning id`;
    // Whoever holds the card renews it by updated_at; one that stopped doing so for a lease has died.
    const [mine] = await sql<{ id: string; state: string }>`
      update posted_card set attempts = attempts + 1, updated_at = now()
      where tenant_id = ${job.tenantId} and key = ${job.key} and (state <> 'sending' or id = ${made?.id ?? null} or updated_at < now() - make_interval(secs => ${LEASE_SECONDS}))
      returning id, state`;
    if (mine) return readCard(sql, job.tenantId, mine.id);
    const [held] = await sql`select id from posted_card where tenant_id = ${job.tenantId} and key = ${job.key}`;
    return held ? 'busy' : null;
  });
}

async function readCard(sql: Sql, tenantId: string, cardId: string): Promise<Posted | null> {
  const [row] = await sql<Record<string, unknown> & { posted: Omit<Posted, 'room'> }>`
    select r.*, jsonb_build_object('id', p.id, 'state', p.state, 'attempts', p.attempts, 'ref', p.ref, 'view', p.view, 'render_hash', p.render_hash, 'created_at', p.created_at, 'thread', t.ref) as posted
    from posted_card p join room r on r.tenant_id = p.tenant_id and r.id = p.room_id
    left join posted_card t on t.tenant_id = p.tenant_id and t.id = p.thread_of
    where p.tenant_id = ${tenantId} and p.id = ${cardId}`;
  return row ? { ...row.posted, room: roomColumns(row) } : null;
}

async function notePosted(
  app: App,
  tenantId: string,
  cardId: string,
  ref: MessageRef,
  hash: string | null,
): Promise<void> {
  await system(
    app,
    tenantId,
    ({ sql }) =>
      sql`update posted_card set state = 'posted', ref = ${JSON.stringify(ref)}, render_hash = ${hash}, updated_at = now(), error = null where tenant_id = ${tenantId} and id = ${cardId}`,
  );
  // What changed while it was on its way shows now.
  await app.jobs.ask([refreshJob(tenantId, cardId)]);
}

async function noteState(app: App, tenantId: string, cardId: string, state: 'gone', error: string): Promise<void> {
  await system(
    app,
    tenantId,
    ({ sql }) =>
      sql`update posted_card set state = ${state}, error = ${error}, updated_at = now() where tenant_id = ${tenantId} and id = ${cardId}`,
  );
}

async function noteUndeliverable(app: App, posted: Posted, reason: string): Promise<void> {
  app.log.warn({ room: posted.room.id, channel: posted.room.channel, reason }, 'a room cannot be written to');
  await system(app, posted.room.tenantId, async ({ sql }) => {
    await sql`update posted_card set state = 'undeliverable', error = ${reason}, updated_at = now() where tenant_id = ${posted.room.tenantId} and id = ${posted.id}`;
    await sql`update room set fault = ${reason} where tenant_id = ${posted.room.tenantId} and id = ${posted.room.id}`;
  });
}

function system<T>(app: App, tenantId: string, work: (context: Context) => Promise<T>): Promise<T> {
  return withActor(app, { kind: 'system', tenantId, reason: 'delivering cards' }, work);
}

function hashOf(card: Card): string {
  return createHash('sha256').update(JSON.stringify(card)).digest('base64url');
}
