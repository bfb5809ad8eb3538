import type { Answer } from '../../core/kernel/answer.ts';
import type { Press } from '../../core/kernel/card.ts';
import { withWords } from '../../core/kernel/card.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import type { InboxItem, Worked } from '../../core/kernel/inbox.ts';
import type { App } from '../../core/kernel/registry.ts';
import { opensForm } from '../../core/kernel/registry.ts';
import type { Spoken } from '../../core/kernel/words.ts';
import { spokenIn } from '../../core/kernel/words.ts';
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

/** A view that somebody may open, and what its button is called. */
interface Offer {
  view: Press;
  label: string;
}

/** The view that a word opens. */
function offerOf(app: App, say: string): Offer {
  const word = app.registry.words.get(say);
  if (!word) throw new Error(`no area declares the word ${say}`);
  return offered(app, word);
}

function offered(app: App, { press, label }: Spoken): Offer {
  return { view: press, label: opensForm(app.registry, press) ? `${label}…` : label };
}

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
      return noteRemoved(tools, item.tenantId, parsed.where);
    default:
      return { status: 'quarantined', outcome: `it is of another form now than when it came: ${parsed.kind}` };
  }
}

async function message(client: TeamsClient, tools: ChannelTools, written: Written): Promise<Worked> {
  const asked = written.addressed ? askedFor(tools.app, written) : null;
  if (asked) return open(client, tools, written, asked);
  if (written.inReplyTo) {
    const worked = await answerTo(client, tools, written, written.inReplyTo);
    if (worked) return worked;
  }
  if (!written.addressed) return { status: 'applied', outcome: 'said in a thread that is not about anything here' };
  return open(client, tools, written, offerOf(tools.app, 'help'));
}

/** The view that a message asks for; null when it says something else. In a thread, more than the word alone is an answer. */
function askedFor(app: App, { text, inReplyTo }: Written): Offer | null {
  const spoken = spokenIn(app.registry.words, text);
  if (!spoken || (spoken.rest && inReplyTo)) return null;
  const { word, rest } = spoken;
  const offer = offered(app, word);
  return word.takes ? { ...offer, view: withWords(offer.view, word.takes, rest) } : offer;
}

/** Something said in the thread of a card becomes an answer to its thing; null when the thread is not of one of ours. */
async function answerTo(
  client: TeamsClient,
  { app, inbound }: ChannelTools,
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
          offerOf(app, 'link'),
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
  { view, label }: Offer,
): Promise<Worked> {
  if (!written.where.personal && !isGeneral(app, view)) {
    const offer = invitation('What opens here is shown to you alone.', { view, label });
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

function invitation(text: string, { view, label }: Offer): Message {
  return messageOf({
    title: 'Parley',
    tone: 'neutral',
    blocks: [{ kind: 'text', text }],
    actions: [{ kind: 'button', label, style: 'primary', press: view }],
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
