import type { Card } from '../core/kernel/card.ts';
import type { Context } from '../core/kernel/context.ts';
import { withActor } from '../core/kernel/context.ts';
import { RetryLater } from '../core/kernel/jobs.ts';
import type { App } from '../core/kernel/registry.ts';
import type { AnnounceJob, DeliverJob, RefreshJob } from './announce.ts';
import { announceOne, deliverJob, refreshOne } from './announce.ts';
import type { Channel, Channels, MessageRef, Posting } from './channel.ts';
import { MessageGone, RateLimited, Undeliverable } from './channel.ts';
import type { Drawings } from './drawing.ts';
import { drawOnce } from './drawing.ts';
import { Pace } from './pace.ts';
import { noteOutcome, noteUndeliverable } from './room-fault.ts';
import { RoomTurns } from './room-turns.ts';
import type { DueCard, Shown, Turn } from './turn.ts';
import { notePause, threadFor } from './turn.ts';

/** What delivering needs: one of a process, so that its rooms share their transactions and its calls keep one pace. */
export interface Delivering {
  app: App;
  channels: Channels;
  pace: Pace;
  turns: RoomTurns;
}

/** @param hurried whether people wait for an answer of this process */
export function delivering(app: App, channels: Channels, hurried?: () => boolean): Delivering {
  return { app, channels, pace: new Pace(hurried), turns: new RoomTurns(app, channels) };
}

/** Brings one room up to date: sends what it lacks and draws again what changed, one after the other. */
export async function deliver(tools: Delivering, job: DeliverJob, signal?: AbortSignal): Promise<void> {
  const taken = await tools.turns.begin(job);
  if (!taken) return;
  const { turn, cards, full, drawings } = taken;
  const shown: Shown[] = [];
  const left = [...cards];
  let done = false;
  try {
    const channel = tools.channels.get(turn.room.channel) as Channel;
    await workCards({ ...tools, channel, turn, drawings }, left, shown, signal);
    done = true;
  } finally {
    await tools.turns.end({ turn, left, shown, more: done && full });
  }
  // Its old readers' cards are closed by their own rooms' turns.
  if (turn.closing) throw new RetryLater(2, 'what was shown there for other readers is closed first');
}

/** Adds one card and delivers it, for a job that a process of the version before stored. */
export async function announce(app: App, channels: Channels, job: AnnounceJob): Promise<void> {
  const due = await system(app, job.tenantId, ({ sql }) => announceOne(sql, job));
  await deliver(delivering(app, channels), due);
}

/** Draws one card again, for a job that a process of the version before stored. */
export async function refresh(app: App, channels: Channels, job: RefreshJob): Promise<void> {
  const due = await system(app, job.tenantId, ({ sql }) => refreshOne(sql, job));
  if (due) await deliver(delivering(app, channels), due);
}

/** Works cards one by one; those that were not touched stay in `left`, what others show is added to `shown`. */
async function workCards(work: Work, left: DueCard[], shown: Shown[], signal?: AbortSignal): Promise<void> {
  for (let card = left[0]; card; card = left[0]) {
    signal?.throwIfAborted();
    const drawn = await bringUp(work, card).catch((error: unknown) => {
      // What the platform refused was not sent; of any other failure nobody knows.
      if (!(error instanceof RetryLater)) left.shift();
      throw error;
    });
    left.shift();
    if (drawn) shown.push(drawn);
  }
}

interface Work extends Delivering {
  channel: Channel;
  turn: Turn;
  drawings: Drawings;
}

/** Sends a card, or draws it again; what it shows then, to be noted. */
async function bringUp(work: Work, card: DueCard): Promise<Shown | null> {
  const { app, turn } = work;
  try {
    if (card.looks) await removeTwins(work, card);
    if (card.state === 'sending') return await post(work, card);
    return card.drawn < card.changes ? await redraw(work, card) : null;
  } catch (error) {
    if (error instanceof MessageGone) {
      const key = await noteState(app, turn.tenantId, card.id, 'gone', error.message);
      // Given up before it was sent: there is no account to send it by.
      if (card.state === 'sending') await noteOutcome(app, turn.room, { id: card.id, key }, 'unreachable');
    } else if (error instanceof Undeliverable) await noteUndeliverable(app, turn.room, card.id, error.message);
    else {
      if (error instanceof RateLimited)
        await system(app, turn.tenantId, ({ sql }) => notePause(sql, turn, error.seconds, error.scope === 'account'));
      throw error;
    }
    return null;
  }
}

async function post(work: Work, taken: DueCard): Promise<null> {
  const { app, channel, turn } = work;
  const { room, tenantId } = turn;
  const thread = taken.in_thread ? await system(app, tenantId, ({ sql }) => threadFor(sql, turn, taken)) : null;
  const due = { ...taken, thread };
  // Where the people of the room may see nothing of it (a contact outside the project), nothing is posted.
  const drawn = await drawOnce(app, work.drawings, room, due.view);
  if (!drawn) {
    const [card] = await system(
      app,
      tenantId,
      ({ sql }) =>
        sql<{ key: string }>`delete from posted_card where tenant_id = ${tenantId} and id = ${due.id} returning key`,
    );
    if (card) await noteOutcome(app, room, { id: due.id, key: card.key }, 'unseen');
    return null;
  }
  const posting = postingOf(due);
  // An earlier try may have been sent by a worker that died, or by a call whose answer never came.
  const [earlier, ...twins] = due.doubt_since ? await found(work, posting, due) : [];
  if (!earlier && room.ended) {
    await noteState(app, tenantId, due.id, 'gone', ENDED);
    return null;
  }
  for (const twin of twins) await call(work, () => channel.remove?.(room, twin));
  const ref = earlier ?? (await call(work, () => channel.send(room, drawn.card, posting)));
  // A message that was found may be older than the card is now; one that may still arrive is looked for later.
  const doubt = Boolean(due.doubt_since) && !earlier;
  await notePosted(app, turn, due, { ref, card: drawn.card, hash: earlier ? null : drawn.hash, doubt });
  if (doubt) await app.jobs.ask([deliverJob(tenantId, room.id, LOOK_AFTER + 1)]);
  if (earlier) await app.jobs.ask([deliverJob(tenantId, room.id)]);
  return null;
}

const ENDED = 'the room was unbound';

/** Draws a posted card for its room and sends it if it looks different from what is there. */
async function redraw(work: Work, due: DueCard): Promise<Shown | null> {
  const { app, channel, turn } = work;
  const { room, tenantId } = turn;
  const { ref } = due;
  if (!ref || !channel.can.edit) return { id: due.id, changes: due.changes, hash: due.render_hash ?? '' };
  const drawn = await drawOnce(app, work.drawings, room, due.view);
  if (!drawn) {
    await noteState(app, tenantId, due.id, 'gone', 'there is nothing here any more for the people of this room');
    return null;
  }
  const { card, hash } = drawn;
  if (hash !== due.render_hash) await call(work, () => channel.update(room, ref, card, postingOf(due)));
  if (room.ended) {
    await noteState(app, tenantId, due.id, 'gone', ENDED);
    return null;
  }
  return { id: due.id, changes: due.changes, hash };
}

/** Seconds after which a message whose answer never came is looked for, and after which nothing is expected any more. */
const LOOK_AFTER = 30;
const LOOK_LAST = 120;

/** A message that was given up may appear late, beside the one that was sent in its place: the later one is deleted. */
async function removeTwins(work: Work, due: DueCard): Promise<void> {
  const { app, channel, turn } = work;
  const { room, tenantId } = turn;
  const messages = await found(work, postingOf(due), due);
  for (const twin of messages.filter(({ id }) => id !== due.ref?.id))
    await call(work, () => channel.remove?.(room, twin));
  const [next] = await system(
    app,
    tenantId,
    ({ sql }) => sql<{ look_at: Date | null }>`
    update posted_card set
      look_at = case when doubt_since > now() - make_interval(secs => ${LOOK_LAST}) then doubt_since + make_interval(secs => ${LOOK_LAST}) end
    where tenant_id = ${tenantId} and id = ${due.id} returning look_at`,
  );
  if (next?.look_at) await app.jobs.ask([deliverJob(tenantId, room.id, LOOK_LAST - LOOK_AFTER)]);
}

async function found(work: Work, posting: Posting, due: DueCard): Promise<MessageRef[]> {
  const { channel, turn } = work;
  return (await call(work, () => channel.find?.(turn.room, posting, new Date(due.created_at)))) ?? [];
}

/** Calls the platform, at the pace it allows. */
async function call<T>(work: Work, calling: () => Promise<T>): Promise<T>;
async function call<T>(work: Work, calling: () => Promise<T> | undefined): Promise<T | undefined>;
async function call<T>({ pace, turn, turns }: Work, calling: () => Promise<T> | undefined): Promise<T | undefined> {
  const { tenantId, channel, account } = turn.room;
  return pace.call(`${tenantId}:${channel}:${account}`, turn.order, async () => {
    // Other rooms' calls may have come first for long: nothing is sent without the right to it.
    await turns.check(turn);
    return calling();
  });
}

function postingOf(due: DueCard): Posting {
  return { cardId: due.id, thread: due.thread?.ref ?? null };
}

/** Notes the message of a card. Without a hash it is drawn again: nobody knows what it shows. */
async function notePosted(
  app: App,
  { tenantId }: Turn,
  due: DueCard,
  { ref, card, hash, doubt }: { ref: MessageRef; card: Card; hash: string | null; doubt: boolean },
): Promise<void> {
  await system(
    app,
    tenantId,
    ({ sql }) => sql`
      update posted_card set state = 'posted', ref = ${JSON.stringify(ref)}, render_hash = ${hash}, updated_at = now(), error = null,
        entity = ${card.about.entity}, entity_id = coalesce(${card.about.id || null}, entity_id), thread_of = ${due.thread?.id ?? null},
        drawn = case when ${hash === null} then drawn else ${due.changes} end,
        changes = case when ${hash === null} then changes + 1 else changes end,
        doubt_since = case when ${doubt} then doubt_since end,
        look_at = case when ${doubt} then doubt_since + make_interval(secs => ${LOOK_AFTER}) end
      where tenant_id = ${tenantId} and id = ${due.id}`,
  );
}

/** @returns the card's key */
async function noteState(app: App, tenantId: string, cardId: string, state: 'gone', error: string): Promise<string> {
  const [card] = await system(
    app,
    tenantId,
    ({ sql }) => sql<{ key: string }>`
      update posted_card set state = ${state}, error = ${error}, updated_at = now(), drawn = changes, look_at = null
      where tenant_id = ${tenantId} and id = ${cardId} returning key`,
  );
  return card?.key ?? '';
}

function system<T>(app: App, tenantId: string, work: (context: Context) => Promise<T>): Promise<T> {
  return withActor(app, { kind: 'system', tenantId, reason: 'delivering cards' }, work);
}
