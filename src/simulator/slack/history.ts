import type { Arguments } from './arguments.ts';
import { shown } from './messages.ts';
import type { Called } from './result.ts';
import { no, ok, text } from './result.ts';
import type { Channel, Message, Workspace } from './state.ts';

/** conversations.history: newest first, without the replies of threads. */
export function history(workspace: Workspace, args: Arguments): Called {
  const channel = workspace.channels[text(args.channel)];
  if (!channel?.members.includes(workspace.bot.userId))
    return no(channel && !channel.private ? 'not_in_channel' : 'channel_not_found');
  const all = channel.messages
    .filter((message) => !message.threadTs && Number(message.ts) >= Number(args.oldest ?? 0))
    .reverse();
  const { some, next } = page(all, args, 100);
  const messages = some.map((message) => ({
    ...shown(workspace, message, isTrue(args.include_all_metadata)),
    ...threadOf(channel, message),
  }));
  return ok({ messages, ...next });
}

/** conversations.replies: the first message of a thread and what followed. */
export function replies(workspace: Workspace, args: Arguments): Called {
  const channel = workspace.channels[text(args.channel)];
  if (!channel?.members.includes(workspace.bot.userId)) return no('channel_not_found');
  const parent = channel.messages.find(({ ts }) => ts === text(args.ts));
  if (!parent) return no('thread_not_found');
  const later = channel.messages.filter(
    (message) => message.threadTs === parent.ts && Number(message.ts) >= Number(args.oldest ?? 0),
  );
  const { some, next } = page([parent, ...later], args, 1_000);
  return ok({
    messages: some.map((message) => shown(workspace, message, isTrue(args.include_all_metadata))),
    ...next,
  });
}

/** The cursor names the message with which the next page begins, so that new messages do not move it. */
function page(all: Message[], args: Arguments, usual: number) {
  const limit = Number(args.limit ?? usual);
  const from = Math.max(0, args.cursor ? all.findIndex(({ ts }) => cursorOf(ts) === args.cursor) : 0);
  const following = all[from + limit];
  return {
    some: all.slice(from, from + limit),
    next: {
      has_more: following !== undefined,
      ...(following ? { response_metadata: { next_cursor: cursorOf(following.ts) } } : {}),
    },
  };
}

const cursorOf = (ts: string): string => Buffer.from(`next_ts:${ts}`).toString('base64');

const isTrue = (value: unknown): boolean => value === true || value === 'true' || value === '1';

function threadOf(channel: Channel, { ts }: Message): object {
  const answers = channel.messages.filter((message) => message.threadTs === ts);
  return answers.length ? { thread_ts: ts, reply_count: answers.length, latest_reply: answers.at(-1)?.ts } : {};
}
