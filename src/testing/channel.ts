import type { Channel, MessageRef, Room } from '../bots/channel.ts';
import type { Card } from '../core/kernel/card.ts';

/** What a room shows, as the fake channel keeps it. */
export interface FakeMessage {
  room: Room;
  ref: MessageRef;
  cardId: string;
  thread: string | null;
  card: Card;
  /** How often it was changed after it was sent. */
  updates: number;
}

/** A channel that keeps what it is given, and fails when it is told to. */
export interface FakeChannel extends Channel {
  messages: FakeMessage[];
  /** Thrown by the next call, before or after the message is there. */
  failNext: { error: Error; after: boolean } | null;
  in(roomId: string): FakeMessage[];
}

/** @param edit false for one like mail, whose messages cannot be changed */
export function fakeChannel(name: Channel['name'], edit = true): FakeChannel {
  const messages: FakeMessage[] = [];
  let count = 0;
  const failing = (after: boolean) => {
    const failure = channel.failNext;
    if (!failure || failure.after !== after) return;
    channel.failNext = null;
    throw failure.error;
  };
  const channel: FakeChannel = {
    name,
    can: { edit },
    messages,
    failNext: null,
    in: (roomId) => messages.filter((message) => message.room.id === roomId),
    send: async (room, card, { cardId, thread }) => {
      failing(false);
      count += 1;
      const ref = { id: `m${count}` };
      messages.push({ room, ref, cardId, thread: thread?.id ?? null, card, updates: 0 });
      failing(true);
      return ref;
    },
    update: async (_room, ref, card) => {
      failing(false);
      const message = messages.find((one) => one.ref.id === ref.id);
      if (message) Object.assign(message, { card, updates: message.updates + 1 });
    },
    find: async (_room, { cardId }) => messages.filter((message) => message.cardId === cardId).map(({ ref }) => ref),
    remove: async (_room, ref) => {
      messages.splice(
        messages.findIndex((one) => one.ref.id === ref.id),
        1,
      );
    },
  };
  return channel;
}
