import type { APIMessage, REST } from 'discord.js';
import { Routes } from 'discord.js';
import type { Card } from '../../core/kernel/card.ts';
import type { MessageRef, Posting, Room } from '../channel.ts';
import { MessageGone } from '../channel.ts';
import { CODES, called, codeOf } from './client.ts';
import { LIMITS } from './limits.ts';
import { marksOf, nonceOf } from './mark.ts';
import { FLAGS } from './parse.ts';
import { renderMessage } from './render.ts';
import { label } from './text.ts';

/** Nobody is rung, whatever the text holds. */
export const NO_MENTIONS = { parse: [] } as const;

/** Days in minutes after which a thread in which nothing is said leaves the list of a channel; a new message brings it back. */
const ARCHIVE_AFTER = 7 * 24 * 60;

/** Posts a card to a room; one that belongs to another goes into that card's thread. */
export async function sendCard(rest: REST, room: Room, card: Card, posting: Posting): Promise<MessageRef> {
  const { thread, cardId } = posting;
  const body = { ...content(card, cardId), nonce: nonceOf(cardId), enforce_nonce: true };
  const post = (channel: string) => rest.post(Routes.channelMessages(channel), { body });
  const posted = thread ? await inThread(rest, room, thread, post) : await called<APIMessage>(post(room.address));
  return { id: posted.id, channel: posted.channel_id, title: label(card.title, LIMITS.threadName) };
}

/** The thread of a message has the message's own id. Where it cannot be (its card was deleted), the news still belong to the room. */
async function inThread(
  rest: REST,
  room: Room,
  thread: MessageRef,
  post: (channel: string) => Promise<unknown>,
): Promise<APIMessage> {
  try {
    return (await post(thread.id)) as APIMessage;
  } catch (error) {
    const code = codeOf(error);
    if (code !== CODES.unknownChannel)
      return called(code === CODES.threadArchived ? post(room.address) : rethrown(error));
  }
  const name = typeof thread.title === 'string' ? thread.title : 'Conversation';
  const body = { name, auto_archive_duration: ARCHIVE_AFTER };
  const isOpen = await rest.post(Routes.threads(room.address, thread.id), { body }).then(
    () => true,
    (error: unknown) => (refusesThread(error) ? codeOf(error) === CODES.threadThere : called<never>(rethrown(error))),
  );
  return called(post(isOpen ? thread.id : room.address));
}

/** No thread can be made there; another failure (a pause, an outage) passes. */
function refusesThread(error: unknown): boolean {
  const code = codeOf(error);
  return code !== null && code > 0;
}

async function rethrown(error: unknown): Promise<never> {
  throw error;
}

/** Draws a posted card again, in place. A thread that was closed for lack of words is opened for it. */
export async function updateCard(
  rest: REST,
  room: Room,
  ref: MessageRef,
  card: Card,
  { cardId }: Posting,
): Promise<void> {
  const channel = channelOf(room, ref);
  const change = () => rest.patch(Routes.channelMessage(channel, ref.id), { body: content(card, cardId) });
  const changed = change().catch(async (error: unknown) => {
    if (codeOf(error) !== CODES.threadArchived) throw error;
    await rest.patch(Routes.channel(channel), { body: { archived: false } });
    return change();
  });
  await called(changed);
}

/** Deletes a message of ours; one that is gone already is as good. */
export async function removeMessage(rest: REST, room: Room, ref: MessageRef): Promise<void> {
  const deleted = called(rest.delete(Routes.channelMessage(channelOf(room, ref), ref.id)));
  await deleted.catch((error: unknown) => {
    if (!(error instanceof MessageGone)) throw error;
  });
}

function content(card: Card, cardId: string) {
  return { components: renderMessage(card, marksOf(cardId)), flags: FLAGS.v2, allowed_mentions: NO_MENTIONS };
}

function channelOf(room: Room, ref: MessageRef): string {
  return typeof ref.channel === 'string' ? ref.channel : room.address;
}

/** Messages asked for at a time: as many as Discord gives. */
const PAGE = 100;
/** Pages that are looked through for a lost message: more than a room gets in the minutes for which a job is retried. */
const PAGES = 20;
/** Milliseconds by which Discord's clock, which numbers messages, may be behind the database's. */
const CLOCKS_APART = 60_000;
/** Ids of Discord begin with the milliseconds since 2015. */
const EPOCH = 1_420_070_400_000;

/** Looks for the messages of a card among those that came since, in its thread or, where that is not there, in the channel; the oldest first. */
export async function findCard(rest: REST, room: Room, posting: Posting, since: Date): Promise<MessageRef[]> {
  const { thread, cardId } = posting;
  if (!thread) return called(lookThrough(rest, room.address, cardId, since));
  try {
    return await lookThrough(rest, thread.id, cardId, since);
  } catch (error) {
    if (codeOf(error) !== CODES.unknownChannel) return called(rethrown(error));
    return called(lookThrough(rest, room.address, cardId, since));
  }
}

async function lookThrough(rest: REST, channel: string, cardId: string, since: Date): Promise<MessageRef[]> {
  const found: MessageRef[] = [];
  const marks = marksOf(cardId);
  let after = String(BigInt(Math.max(0, since.getTime() - CLOCKS_APART - EPOCH)) << 22n);
  for (let page = 0; page < PAGES; page += 1) {
    const query = new URLSearchParams({ after, limit: String(PAGE) });
    const messages = (await rest.get(Routes.channelMessages(channel), { query })) as APIMessage[];
    for (const message of messages)
      if (isMarked(message, marks)) found.push({ id: message.id, channel: message.channel_id });
    after = messages.reduce((last, { id }) => (BigInt(id) > BigInt(last) ? id : last), after);
    if (messages.length < PAGE) break;
  }
  return found.sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
}

function isMarked({ components = [] }: APIMessage, [outer, inner]: [number, number]): boolean {
  const [container] = components;
  return container?.id === outer && 'components' in container && container.components[0]?.id === inner;
}
