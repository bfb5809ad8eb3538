import { randomUUID } from 'node:crypto';

/** Somebody in the stand-in's directory. */
export interface User {
  /** Teams' own id. */
  id: string;
  aadObjectId: string;
  name: string;
}

/** A card as it arrived or is shown. */
export type CardJson = Record<string, unknown>;

export interface Message {
  id: string;
  /** The first message of its thread; null for a message that begins one. */
  thread: string | null;
  /** Null for the bot. */
  from: User | null;
  text: string | null;
  summary: string | null;
  card: CardJson | null;
  at: string;
  edited: boolean;
  /** What stands in the place of the card on one person's screen, by their id, until the message is changed. */
  views: Record<string, CardJson>;
}

export type Kind = 'personal' | 'groupChat' | 'channel';

export interface Conversation {
  id: string;
  kind: Kind;
  name: string;
  members: User[];
  /** Whether the app is installed there. */
  installed: boolean;
  messages: Message[];
}

/** An activity that was delivered to the bot, and what came back. */
export interface Recorded {
  activity: Record<string, unknown>;
  status: number;
  body: unknown;
}

/** Everything the stand-in remembers: plain JSON. */
export interface State {
  tenantId: string;
  conversations: Conversation[];
  recorded: Recorded[];
  /** The last message id given; Teams' ids are times in milliseconds that never go back. */
  lastId: number;
}

export function emptyState(tenantId: string): State {
  return { tenantId, conversations: [], recorded: [], lastId: 0 };
}

export function makeConversation(given: { id?: string; kind: Kind; name: string; members: User[] }): Conversation {
  const suffix = { personal: 'unq.gbl.spaces', groupChat: 'thread.v2', channel: 'thread.tacv2' }[given.kind];
  const id =
    given.id ?? (given.kind === 'personal' ? `a:${randomUUID()}` : `19:${randomUUID().replaceAll('-', '')}@${suffix}`);
  return { id, kind: given.kind, name: given.name, members: given.members, installed: false, messages: [] };
}

/** Appends a message; ids grow like Teams' own. */
export function addMessage(
  state: State,
  conversation: Conversation,
  content: Pick<Message, 'thread' | 'from' | 'text' | 'summary' | 'card'>,
): Message {
  state.lastId = Math.max(state.lastId + 1, Date.now());
  const message = { ...content, id: String(state.lastId), at: new Date().toISOString(), edited: false, views: {} };
  conversation.messages.push(message);
  return message;
}

/** @throws Error for one that is not there: a fault of the caller, not of Teams */
export function conversationOf(state: State, id: string): Conversation {
  const found = state.conversations.find((conversation) => conversation.id === id);
  if (!found) throw new Error(`the Teams stand-in has no conversation ${id}`);
  return found;
}

/** @throws Error for one that is not there */
export function messageIn(conversation: Conversation, id: string): Message {
  const found = conversation.messages.find((message) => message.id === id);
  if (!found) throw new Error(`the Teams stand-in has no message ${id} in ${conversation.name}`);
  return found;
}

/** The card as this person sees it now. */
export function cardSeenBy(message: Message, user: User): CardJson | null {
  return message.views[user.id] ?? message.card;
}
