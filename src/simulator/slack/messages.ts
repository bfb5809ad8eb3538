import { checkBlocks } from '../../bots/slack/limits.ts';
import type { Arguments } from './arguments.ts';
import type { Called } from './result.ts';
import { no, ok, text } from './result.ts';
import type { Channel, Message, Workspace } from './state.ts';
import { nextTs, withBlockIds } from './state.ts';

/** chat.postMessage */
export function postMessage(workspace: Workspace, args: Arguments, now: number): Called {
  const channel = writable(workspace, text(args.channel));
  if (typeof channel === 'string') return no(channel);
  const fault = contentFault(args);
  if (fault) return fault;
  const threadTs = args.thread_ts === undefined ? null : text(args.thread_ts);
  if (threadTs && !channel.messages.some((message) => message.ts === threadTs)) return no('thread_not_found');
  const { bot } = workspace;
  const message: Message = {
    ts: nextTs(workspace, now),
    user: bot.userId,
    botId: bot.botId,
    text: text(args.text),
    blocks: withBlockIds((args.blocks ?? []) as []),
    threadTs,
    metadata: (args.metadata as object | undefined) ?? null,
    edited: false,
    earlier: [],
  };
  channel.messages.push(message);
  return ok(
    { channel: channel.id, ts: message.ts, message: shown(workspace, message, true) },
    { kind: 'message', channel: channel.id, ts: message.ts },
  );
}

/** chat.postEphemeral */
export function postEphemeral(workspace: Workspace, args: Arguments, now: number): Called {
  const channel = writable(workspace, text(args.channel));
  if (typeof channel === 'string') return no(channel);
  const user = text(args.user);
  if (!channel.members.includes(user)) return no('user_not_in_channel');
  const fault = contentFault(args);
  if (fault) return fault;
  const ts = nextTs(workspace, now);
  workspace.ephemerals.push({
    ts,
    channel: channel.id,
    user,
    threadTs: args.thread_ts === undefined ? null : text(args.thread_ts),
    text: text(args.text),
    blocks: withBlockIds((args.blocks ?? []) as []),
  });
  return ok({ message_ts: ts }, { kind: 'ephemeral', channel: channel.id, ts, user });
}

/** chat.update */
export function updateMessage(workspace: Workspace, args: Arguments): Called {
  const channel = writable(workspace, text(args.channel));
  if (typeof channel === 'string') return no(channel);
  const message = channel.messages.find(({ ts }) => ts === text(args.ts));
  if (!message) return no('message_not_found');
  if (message.botId !== workspace.bot.botId) return no('cant_update_message');
  const fault = contentFault(args);
  if (fault) return fault;
  message.earlier.push(message.blocks);
  Object.assign(
    message,
    { text: text(args.text), blocks: withBlockIds((args.blocks ?? []) as []), edited: true },
    args.metadata ? { metadata: args.metadata } : {},
  );
  return ok(
    { channel: channel.id, ts: message.ts, text: message.text, message: shown(workspace, message, true) },
    { kind: 'updated', channel: channel.id, ts: message.ts },
  );
}

/** chat.delete */
export function deleteMessage(workspace: Workspace, args: Arguments): Called {
  const channel = writable(workspace, text(args.channel));
  if (typeof channel === 'string') return no(channel);
  const at = channel.messages.findIndex(({ ts, botId }) => ts === text(args.ts) && botId === workspace.bot.botId);
  if (at < 0) return no('message_not_found');
  channel.messages.splice(at, 1);
  return ok({ channel: channel.id, ts: args.ts }, { kind: 'deleted', channel: channel.id, ts: text(args.ts) });
}

/** The channel to write to, or Slack's word for why not. A person's id means the direct conversation with them. */
function writable(workspace: Workspace, id: string): Channel | string {
  const person = workspace.people[id];
  const channel = person ? directWith(workspace, person.id) : workspace.channels[id];
  const member = channel?.members.includes(workspace.bot.userId);
  if (!channel || (channel.private && !member)) return 'channel_not_found';
  if (channel.archived) return 'is_archived';
  return member ? channel : 'not_in_channel';
}

function directWith(workspace: Workspace, user: string): Channel {
  const id = `D${user.slice(1)}`;
  workspace.channels[id] ??= {
    id,
    name: user,
    private: true,
    archived: false,
    direct: true,
    members: [user, workspace.bot.userId],
    messages: [],
  };
  return workspace.channels[id];
}

function contentFault(args: Arguments): Called | null {
  const blocks = args.blocks as unknown[] | undefined;
  if (!blocks?.length) return text(args.text) ? null : no('no_text');
  const faults = checkBlocks(blocks, 'message');
  if (faults.some((fault) => fault.includes('characters of JSON'))) return no('msg_blocks_too_long', faults);
  return faults.length ? no('invalid_blocks', faults) : null;
}

/** A message as Slack describes it to the app. */
export function shown({ team, bot }: Workspace, message: Message, metadata: boolean): Record<string, unknown> {
  return {
    type: 'message',
    user: message.user,
    ts: message.ts,
    text: message.text,
    team: team.id,
    ...(message.blocks.length ? { blocks: message.blocks } : {}),
    ...(message.botId ? { bot_id: message.botId, app_id: bot.appId } : {}),
    ...(message.threadTs ? { thread_ts: message.threadTs, parent_user_id: bot.userId } : {}),
    ...(message.edited ? { edited: { user: message.user, ts: message.ts } } : {}),
    ...(metadata && message.metadata ? { metadata: message.metadata } : {}),
  };
}
