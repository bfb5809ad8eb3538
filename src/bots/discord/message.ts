import type { z } from 'zod';
import type { Said } from '../channel.ts';
import { sender } from './parse.ts';
import { Message } from './payloads.ts';

/** What a message comes to: words in the thread of a card or in reply to one, or a reason to leave it alone. */
export type Heard =
  | { kind: 'said'; said: Omit<Said, 'room'>; channel: string; message: string; inThread: boolean }
  /** Not for us, and known to be so. */
  | { kind: 'silent'; why: string }
  | { kind: 'unknown'; why: string };

/** Types under which people say something: a message, and a reply. All others report what happened to a channel. */
const SPOKEN: ReadonlySet<number> = new Set([0, 19]);

/** Reads a message that the gateway told of. */
export function parseMessage(body: unknown): Heard {
  const parsed = Message.safeParse(body);
  if (!parsed.success) return { kind: 'unknown', why: 'the message is not of the form that Discord documents' };
  const { data } = parsed;
  if (data.author.bot || data.webhook_id) return { kind: 'silent', why: 'an app wrote it' };
  if (!SPOKEN.has(data.type)) return { kind: 'silent', why: `type ${data.type} is nothing that somebody said` };
  return fromMessage(data);
}

function fromMessage(message: z.infer<typeof Message>): Heard {
  const { id, channel_id: channel, guild_id: guild, author, member, position } = message;
  // Only in threads has a message a position. The thread of a message has the message's own id.
  const inThread = typeof position === 'number';
  const inReplyTo = inThread ? channel : message.message_reference?.message_id;
  if (!inReplyTo) return { kind: 'silent', why: 'it is neither in a thread nor a reply' };
  const files = message.attachments.map((file) => file.filename ?? 'unnamed');
  // Files are not taken over yet. That something was attached must not get lost, though.
  const attached = files.length ? [`(Attached in Discord: ${files.join(', ')})`] : [];
  const text = [plainText(message), ...attached].filter((part) => part.trim()).join('\n');
  if (!text) return { kind: 'silent', why: 'it has no words' };
  const said = {
    who: sender(guild, author, member?.nick),
    requestId: `discord:${id}:message`,
    inReplyTo: { messageId: inReplyTo },
    text,
  };
  return { kind: 'said', said, channel, message: id, inThread };
}

/** Discord's own marks as people saw them: names for mentions, the names of emoji. */
function plainText({ content, mentions }: z.infer<typeof Message>): string {
  const names = new Map(
    mentions.map(({ id, member, global_name: global, username }) => [id, member?.nick || global || username || id]),
  );
  return content
    .replaceAll(/<@!?(\d+)>/g, (_, id: string) => `@${names.get(id) ?? id}`)
    .replaceAll(/<@&(\d+)>/g, '@role')
    .replaceAll(/<#(\d+)>/g, '#channel')
    .replaceAll(/<a?(:\w+:)\d+>/g, '$1')
    .replaceAll(/<\/([^:>]+):\d+>/g, '/$1')
    .replaceAll(/<t:(\d{1,12})(?::\w)?>/g, (_, seconds: string) => new Date(Number(seconds) * 1_000).toISOString());
}
