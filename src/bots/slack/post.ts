import type { ChatPostMessageResponse, WebClient } from '@slack/web-api';
import type { Card } from '../../core/kernel/card.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';
import type { MessageRef, Posting, Room } from '../channel.ts';
import { MessageGone, RateLimited } from '../channel.ts';
import { called, SlackRefusal } from './client.ts';
import { renderMessage } from './render.ts';

/** How our messages name their card, so that one that was sent but not noted can be found again. */
const EVENT_TYPE = 'parley_card';

/** Posts a card to a room, quietly: nothing unfurls, a reply stays in its thread. */
export async function sendCard(
  web: WebClient,
  room: Room,
  card: Card,
  { cardId, thread }: Posting,
): Promise<MessageRef> {
  const message = { channel: room.address, ...content(card, cardId), unfurl_links: false, unfurl_media: false };
  const posting = post(web, { ...message, ...(thread ? { thread_ts: thread.id } : {}) });
  const posted = await limited('room', posting).catch((error: unknown) => {
    // Somebody deleted the card above: its news still belong to the room.
    if (error instanceof SlackRefusal && THREAD_GONE.has(error.code)) return limited('room', post(web, message));
    throw error;
  });
  return { id: String(posted.ts), channel: String(posted.channel) };
}

function post(web: WebClient, message: Content & Record<string, unknown>): Promise<ChatPostMessageResponse> {
  return web.apiCall('chat.postMessage', message);
}

const THREAD_GONE = new Set(['thread_not_found', 'cannot_reply_to_message']);

/** Draws a posted card again, in place. */
export async function updateCard(
  web: WebClient,
  room: Room,
  ref: MessageRef,
  card: Card,
  { cardId }: Posting,
): Promise<void> {
  const message = { channel: channelOf(room, ref), ts: ref.id, ...content(card, cardId) };
  await limited('account', web.apiCall('chat.update', message));
}

/** Deletes a message of ours; one that is gone already is as good. */
export async function removeMessage(web: WebClient, room: Room, ref: MessageRef): Promise<void> {
  const deleted = limited('account', web.chat.delete({ channel: channelOf(room, ref), ts: ref.id }));
  await deleted.catch((error: unknown) => {
    if (!(error instanceof MessageGone)) throw error;
  });
}

/** Posts are counted per channel, all else per workspace: https://docs.slack.dev/apis/web-api/rate-limits */
async function limited<T>(scope: RateLimited['scope'], calling: Promise<T>): Promise<T> {
  return called(calling).catch((error: unknown) => {
    throw error instanceof RetryLater ? new RateLimited(scope, error.seconds, error.message) : error;
  });
}

/** What is the same for all rooms that show a card is rendered and serialized once; the SDK sends a text as it is. */
const rendered = new WeakMap<Card, { text: string; blocks: string }>();

function content(card: Card, cardId: string): Content {
  let message = rendered.get(card);
  if (!message) {
    const { text, blocks } = renderMessage(card);
    message = { text, blocks: JSON.stringify(blocks) };
    rendered.set(card, message);
  }
  return { ...message, metadata: { event_type: EVENT_TYPE, event_payload: { card: cardId } } };
}

interface Content {
  text: string;
  /** JSON of Block Kit's blocks. */
  blocks: string;
  metadata: { event_type: string; event_payload: { card: string } };
}

function channelOf(room: Room, ref: MessageRef): string {
  return typeof ref.channel === 'string' ? ref.channel : room.address;
}

/** Messages asked for at a time: as many as Slack recommends. */
const PAGE = 200;
/** Pages that are looked through for a lost message: more than a room gets in the minutes for which a job is retried. */
const PAGES = 20;
/** Milliseconds by which Slack's clock, which times messages, may be behind the database's. */
const CLOCKS_APART = 60_000;

/** Looks for the messages of a card among those that came since, in its thread or, where that is gone, in the channel; the oldest first. */
export async function findCard(web: WebClient, room: Room, posting: Posting, since: Date): Promise<MessageRef[]> {
  const where = {
    channel: room.address,
    oldest: String((since.getTime() - CLOCKS_APART) / 1_000),
    limit: PAGE,
    include_all_metadata: true,
  };
  const { thread } = posting;
  const inThread = thread && ((cursor: object) => web.conversations.replies({ ...where, ...cursor, ts: thread.id }));
  const inChannel = (cursor: object) => web.conversations.history({ ...where, ...cursor });
  try {
    return await lookThrough(inThread ?? inChannel, room, posting.cardId);
  } catch (error) {
    if (!inThread || !(error instanceof SlackRefusal) || !THREAD_GONE.has(error.code)) throw error;
    return lookThrough(inChannel, room, posting.cardId);
  }
}

type Page = { messages?: FoundMessage[]; response_metadata?: { next_cursor?: string } };
type FoundMessage = { ts?: string; metadata?: { event_type?: string; event_payload?: object } };

async function lookThrough(read: (cursor: object) => Promise<Page>, room: Room, cardId: string): Promise<MessageRef[]> {
  const found: MessageRef[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page += 1) {
    const { messages = [], response_metadata: next } = await limited('account', read(cursor ? { cursor } : {}));
    for (const message of messages)
      if (message.ts && names(message, cardId)) found.push({ id: message.ts, channel: room.address });
    cursor = next?.next_cursor;
    if (!cursor) break;
  }
  return found.sort((a, b) => Number(a.id) - Number(b.id));
}

function names(message: FoundMessage, cardId: string): boolean {
  const { event_type: type, event_payload: payload } = message.metadata ?? {};
  return type === EVENT_TYPE && (payload as { card?: unknown } | undefined)?.card === cardId;
}
