import type { Ephemeral, Message, Workspace } from '../slack/index.ts';

/** What one channel shows at most: the rest is scrolled past by nobody. */
const MOST = 60;

/** The workspace as the page draws it: the native payloads, with the time of the demo's clock. */
export function slackPart(
  { bot, people, channels, ephemerals, modals }: Workspace,
  at: (real: number) => number,
): unknown {
  return {
    users: { ...people, [bot.userId]: { id: bot.userId, name: 'Parley', bot: true } },
    channels: Object.fromEntries(Object.values(channels).map(({ id, name }) => [id, { id, name }])),
    messages: Object.values(channels).flatMap((channel) => {
      const alone = ephemerals.filter((one) => one.channel === channel.id).slice(-12);
      return [
        ...channel.messages.slice(-MOST).map((message) => messagePart(channel.id, message, at)),
        ...alone.map((one) => ephemeralPart(bot.userId, one, at)),
      ].sort((a, b) => Number(a.ts) - Number(b.ts));
    }),
    views: modals.map(({ id, user, view, errors }) => ({ id, user, view, errors })),
  };
}

function messagePart(
  channel: string,
  { ts, user, text, blocks, threadTs, edited }: Message,
  at: (real: number) => number,
) {
  return { channel, ts, at: at(Number(ts) * 1000), user, text, blocks, thread_ts: threadTs, edited };
}

function ephemeralPart(
  bot: string,
  { ts, channel, user, text, blocks, threadTs }: Ephemeral,
  at: (real: number) => number,
) {
  return {
    channel,
    ts,
    at: at(Number(ts) * 1000),
    user: bot,
    text,
    blocks,
    thread_ts: threadTs,
    edited: false,
    ephemeralTo: user,
  };
}
