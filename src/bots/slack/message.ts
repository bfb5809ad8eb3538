import { z } from 'zod';
import type { Said } from '../channel.ts';
import { sender } from './parse.ts';
import { unescaped } from './text.ts';

/** What a stored event comes to: words in the thread of a card, or a reason to leave it alone. */
export type Heard =
  | { kind: 'said'; said: Said; channel: string; user: string; thread: string }
  /** Not for us, and known to be so. */
  | { kind: 'silent'; why: string }
  /** Nobody has decided yet what this means. */
  | { kind: 'unknown'; why: string };

const Message = z.object({
  channel: z.string(),
  user: z.string().optional(),
  user_team: z.string().nullish(),
  team: z.string().nullish(),
  text: z.string().default(''),
  ts: z.string(),
  thread_ts: z.string().optional(),
  subtype: z.string().optional(),
  bot_id: z.string().nullish(),
  files: z.array(z.object({ name: z.string().nullish() })).nullish(),
});
const Stored = z.object({ event: z.looseObject({ type: z.string(), subtype: z.string().optional() }) });

/** Subtypes under which people say something; all others report what happened to a channel or a message. */
const SPOKEN = new Set([undefined, 'thread_broadcast', 'file_share', 'me_message']);

/**
 * Reads the stored body of an event.
 * @param account the workspace through which it came
 */
export function parseMessage(body: Buffer, account: string): Heard {
  const stored = Stored.safeParse(JSON.parse(body.toString('utf8')));
  if (!stored.success) return { kind: 'unknown', why: 'this is not an event of Slack' };
  const { event } = stored.data;
  if (event.type !== 'message')
    return { kind: 'unknown', why: `Parley does not know what to do with the Slack event ${event.type}` };
  if (event.subtype === 'message_changed' || event.subtype === 'message_deleted')
    return { kind: 'silent', why: 'edits and deletions are not mirrored yet' };
  if (!SPOKEN.has(event.subtype))
    return { kind: 'silent', why: `${event.subtype} is not something that was said to us` };
  const message = Message.safeParse(event);
  if (!message.success) return { kind: 'unknown', why: 'the message is not of the form that Slack documents' };
  return fromMessage(message.data, account);
}

function fromMessage(message: z.infer<typeof Message>, account: string): Heard {
  const { channel, user, ts, thread_ts: thread } = message;
  if (message.bot_id || !user) return { kind: 'silent', why: 'an app wrote it' };
  if (!thread || thread === ts) return { kind: 'silent', why: 'it is not in the thread of a card' };
  const files = (message.files ?? []).map((file) => file.name ?? 'unnamed');
  // Files are not taken over yet. That something was attached must not get lost, though.
  const text = [message.text, ...(files.length ? [`(Attached in Slack: ${files.join(', ')})`] : [])]
    .filter(Boolean)
    .join('\n');
  if (!text.trim()) return { kind: 'silent', why: 'it has no words' };
  const said: Said = {
    who: sender(account, message.user_team ?? message.team, user),
    requestId: `slack:${account}:${channel}:${ts}:message`,
    room: { channel: 'slack', account, address: channel },
    inReplyTo: { messageId: thread },
    text,
  };
  return { kind: 'said', said, channel, user, thread };
}

const MENTION = /<@([A-Z0-9]+)(?:\|([^>]*))?>/g;

/** The people whom a message mentions without their name. */
export function mentionedIn(text: string): string[] {
  return [...new Set([...text.matchAll(MENTION)].flatMap(([, user, name]) => (user && !name ? [user] : [])))];
}

/**
 * Slack's markup as people saw it: names for mentions, labels with their addresses for links, no format marks.
 * @param names user id → name; an unknown one stays an id
 */
export function plainText(text: string, names: ReadonlyMap<string, string>): string {
  return text
    .split(/(```[\s\S]*?```|`[^`\n]+`)/)
    .map((part, index) => (index % 2 ? part.replace(/^(`{3}|`)([\s\S]*)\1$/, '$2') : unformatted(part)))
    .map((part) =>
      unescaped(
        withoutLinks(
          part.replaceAll(MENTION, (_, user: string, name?: string) => `@${name || (names.get(user) ?? user)}`),
        ),
      ),
    )
    .join('');
}

/** `*bold*`, `_italic_` and `~strike~` count only around whole words, as in Slack. */
function unformatted(text: string): string {
  return ['*', '_', '~'].reduce((rest, mark) => {
    const quoted = `\\${mark}`;
    return rest.replaceAll(
      new RegExp(
        `(?<![\\w${quoted}])${quoted}(?![\\s${quoted}])([^${quoted}\\n]*[^\\s${quoted}])${quoted}(?![\\w${quoted}])`,
        'g',
      ),
      '$1',
    );
  }, text);
}

function withoutLinks(text: string): string {
  return text
    .replaceAll(/<#[A-Z0-9]+\|([^>]+)>/g, '#$1')
    .replaceAll(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, '@$1')
    .replaceAll(/<!date\^[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll(/<!subteam\^[A-Z0-9]+(?:\|@?([^>]+))?>/g, (_, name?: string) => `@${name ?? 'group'}`)
    .replaceAll(/<(?:mailto|tel):[^|>]*\|([^>]*)>/g, '$1')
    .replaceAll(/<((?:https?|mailto|tel):[^|>]*)(?:\|([^>]*))?>/g, (_, url: string, label?: string) =>
      linkText(url, label),
    );
}

function linkText(url: string, label: string | undefined): string {
  return !label || url === label || url.replace(/^https?:\/\//, '') === label ? url : `${label} (${url})`;
}
