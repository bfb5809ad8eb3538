import type { Answer } from '../../core/kernel/answer.ts';
import type { Press } from '../../core/kernel/card.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import type { InboxItem, Worked } from '../../core/kernel/inbox.ts';
import type { App } from '../../core/kernel/registry.ts';
import type { ChannelTools } from '../channel.ts';
import { Undeliverable } from '../channel.ts';
import { viewShowing } from './answer.ts';
import type { Message, TeamsClient } from './client.ts';
import { noteInstalled, noteRemoved } from './installation.ts';
import { unworked } from './kept.ts';
import { messageOf } from './message.ts';
import type { Parsed } from './parse.ts';
import { parseActivity } from './parse.ts';

type Written = Extract<Parsed, { kind: 'message' }>;

/** What people can write to us alone in a message, and the view it opens. */
const LINK = { target: 'identity.link', label: 'Link my account…' };
const WORDS: ReadonlyMap<string, { target: string; label: string }> = new Map([
  ['help', { target: 'home.help', label: 'Show help' }],
  ['work', { target: 'home.work', label: 'Show my work' }],
  ['bug', { target: 'ticket.new-bug', label: 'Report a bug…' }],
  ['change', { target: 'ticket.new-change', label: 'Ask for a change…' }],
  ['link', LINK],
]);

/** Works a stored delivery of Teams: a message, or that the app was added or removed. */
export async function workItem(client: TeamsClient, tools: ChannelTools, item: InboxItem): Promise<Worked> {
  const ended = unworked(item);
  if (ended) return ended;
  const parsed = parseActivity(JSON.parse(item.body.toString('utf8')));
  switch (parsed.kind) {
    case 'message':
      return message(client, tools, parsed);
    case 'installed':
      return noteInstalled(tools.app, item.tenantId, parsed.where);
    case 'removed':
      return noteRemoved(tools.app, item.tenantId, parsed.where);
    default:
      return { status: 'quarantined', outcome: `it is of another form now than when it came: ${parsed.kind}` };
  }
}

async function message(client: TeamsClient, tools: ChannelTools, written: Written): Promise<Worked> {
  const word = written.addressed ? WORDS.get(written.text.toLowerCase()) : undefined;
  if (word) return open(client, tools, written, { target: word.target, input: {} }, word.label);
  if (written.inReplyTo) {
    const worked = await answerTo(client, tools, written, written.inReplyTo);
    if (worked) return worked;
  }
  if (!written.addressed) return { status: 'applied', outcome: 'said in a thread that is not about anything here' };
  return open(client, tools, written, { target: 'home.help', input: {} }, 'Show help');
}

/** Something said in the thread of a card becomes an answer to its thing; null when the thread is not of one of ours. */
async function answerTo(
  client: TeamsClient,
  { inbound }: ChannelTools,
  written: Written,
  messageId: string,
): Promise<Worked | null> {
  const { who, where, text, deliveryId } = written;
  const answer = await inbound.say({
    who,
    requestId: `teams:${deliveryId}`,
    room: where.room,
    inReplyTo: { messageId },
    text,
  });
  switch (answer.kind) {
    case 'unmatched':
      return null;
    case 'done':
      return { status: 'applied', outcome: answer.card.fallback };
    case 'form':
    case 'not-linked':
      return reply(
        client,
        written,
        invitation(
          'We do not know you here yet, so your answer was not taken down. Link your account, then say it again.',
          LINK,
        ),
        'asked the writer to link their account first',
      );
    case 'card':
      return { status: 'applied', outcome: answer.card.fallback };
    case 'invalid':
    case 'stale':
    case 'refused':
      return sayNo(client, written, answer, `This was not taken down: ${answer.say}`);
  }
}

/**
 * Opens a view for whoever wrote. What a view shows is for its reader, and Teams has no message for one person in a
 * room, so there everything but general help stands behind a button: what a press shows, only its presser sees.
 */
async function open(
  client: TeamsClient,
  { app, inbound }: ChannelTools,
  written: Written,
  view: Press,
  label: string,
): Promise<Worked> {
  if (!written.where.personal && !isGeneral(app, view)) {
    const offer = invitation('What opens here is shown to you alone.', { target: view.target, label });
    return reply(client, written, offer, `offered ${view.target}`);
  }
  const answer = await inbound.press({ who: written.who, press: view, requestId: `teams:${written.deliveryId}` });
  if (answer.kind !== 'card' && answer.kind !== 'form')
    return sayNo(client, written, answer, 'say' in answer ? answer.say : 'This cannot be shown here.');
  return reply(client, written, messageOf(answer.card, viewShowing(app, answer.card, view)), `sent ${view.target}`);
}

/** @throws DomainError unavailable: nothing was decided, so the message is worked again */
function sayNo(client: TeamsClient, written: Written, answer: Answer, text: string): Promise<Worked> {
  if (answer.kind === 'refused' && answer.code === 'unavailable') throw new DomainError('unavailable', answer.say);
  return reply(client, written, { type: 'message', textFormat: 'plain', text }, `told the writer: ${text}`);
}

/** Views for people who are not linked show no data of anybody. */
function isGeneral(app: App, view: Press): boolean {
  return view.target !== 'identity.link' && Boolean(app.registry.views.get(view.target)?.unlinked);
}

function invitation(text: string, word: { target: string; label: string } | undefined): Message {
  return messageOf({
    title: 'Parley',
    tone: 'neutral',
    blocks: [{ kind: 'text', text }],
    actions: word
      ? [{ kind: 'button', label: word.label, style: 'primary', press: { target: word.target, input: {} } }]
      : [],
    fallback: text,
    about: { entity: 'home', id: '', version: 0 },
  });
}

/** Where nothing can be written (the app was taken out, the thread is gone) the message is worked all the same. */
async function reply(client: TeamsClient, { where }: Written, message: Message, outcome: string): Promise<Worked> {
  try {
    await client.post(where.reference, where.thread, message);
    return { status: 'applied', outcome };
  } catch (error) {
    if (!(error instanceof Undeliverable)) throw error;
    return { status: 'applied', outcome: `${outcome} (but they could not be told: ${error.message})` };
  }
}
