import type { Channel, Message, State } from '../discord/state.ts';
import { TEXT, THREAD } from '../discord/state.ts';

const MOST = 60;
const BOT = 'bot';

/** The server as the page draws it: the native payloads, each message with its thread. */
export function discordPart({ guilds, channels, modals }: State, at: (real: number) => number): unknown {
  const users = guilds.flatMap(({ members }) => members).map(({ id, name }) => [id, { id, name }]);
  const threads = new Map(channels.filter(({ type }) => type === THREAD).map((thread) => [thread.id, thread]));
  const shown = channels.filter(({ type }) => type === TEXT);
  return {
    users: { ...Object.fromEntries(users), [BOT]: { id: BOT, name: 'Parley', bot: true } },
    channels: Object.fromEntries(shown.map(({ id, name }) => [id, { id, name }])),
    messages: shown.flatMap(({ messages }) =>
      messages.slice(-MOST).map((message) => ({
        ...messagePart(message, at),
        thread: threadPart(threads.get(message.id), at),
      })),
    ),
    modals: modals.map(({ id, user, channel, data }) => ({ id, user, channel, data })),
  };
}

function threadPart(thread: Channel | undefined, at: (real: number) => number) {
  return thread?.messages.map((message) => messagePart(message, at)) ?? [];
}

function messagePart(
  { from, nonce: _nonce, token: _token, flags: _flags, ...message }: Message,
  at: (real: number) => number,
) {
  return { ...message, from: from?.id ?? BOT, at: at(message.at) };
}
