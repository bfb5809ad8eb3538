import type { APIChannel, REST } from 'discord.js';
import { Routes } from 'discord.js';
import type { Card } from '../../core/kernel/card.ts';
import type { InboxItem, Worked } from '../../core/kernel/inbox.ts';
import { readJson } from '../../core/kernel/json.ts';
import type { Inbound } from '../channel.ts';
import { Undeliverable } from '../channel.ts';
import { notice } from '../notice.ts';
import type { NotTaken } from '../said.ts';
import { workedAs } from '../said.ts';
import { called } from './client.ts';
import type { Heard } from './message.ts';
import { parseMessage } from './message.ts';
import { FLAGS } from './parse.ts';
import { NO_MENTIONS } from './post.ts';
import { renderMessage } from './render.ts';

type Words = Extract<Heard, { kind: 'said' }>;

/** Works a stored message: words in the thread of one of our cards become an answer to its thing, all else is left alone, with the reason. */
export async function workMessage(rest: REST, inbound: Inbound, item: InboxItem): Promise<Worked> {
  const heard = parseMessage(readJson(item.body.toString('utf8')));
  switch (heard.kind) {
    case 'silent':
      return { status: 'applied', outcome: `left alone: ${heard.why}` };
    case 'unknown':
      return { status: 'quarantined', outcome: heard.why };
    case 'said':
      return workSaid(rest, inbound, heard, item.account);
  }
}

async function workSaid(rest: REST, inbound: Inbound, heard: Words, account: string): Promise<Worked> {
  const address = heard.inThread ? await parentOf(rest, heard.channel) : heard.channel;
  if (!address) return { status: 'applied', outcome: 'left alone: its thread is gone' };
  const answer = await inbound.say({ ...heard.said, room: { channel: 'discord', account, address } });
  return workedAs(answer, 'in answer to a card of ours', (untaken) => tell(rest, heard, untaken));
}

/** The channel in which a thread hangs: a message in a thread does not say it. Null when the thread is gone. */
async function parentOf(rest: REST, thread: string): Promise<string | null> {
  try {
    const channel = await called<APIChannel>(rest.get(Routes.channel(thread)));
    return 'parent_id' in channel ? (channel.parent_id ?? null) : null;
  } catch (error) {
    if (error instanceof Undeliverable) return null;
    throw error;
  }
}

/** Everybody there reads it, so it holds the reason and nothing of the thing. */
function notTaken(answer: NotTaken): Card {
  return 'say' in answer ? notice(answer.say, [], null, 'This was not taken down') : linkFirst();
}

function linkFirst(): Card {
  const say = 'We do not know you here yet, so your answer was not taken down. Link your account, then say it again.';
  const press = { target: 'identity.link', input: {} };
  return {
    ...notice(say, [], null, 'This was not taken down'),
    actions: [{ kind: 'button', label: 'Link my account…', style: 'primary', press }],
  };
}

/** Tells the author, in reply to what they wrote and without ringing anybody, that it was not taken. */
function tell(rest: REST, { channel, message }: Words, answer: NotTaken): Promise<unknown> {
  const body = {
    components: renderMessage(notTaken(answer)),
    flags: FLAGS.v2,
    allowed_mentions: NO_MENTIONS,
    message_reference: { message_id: message, fail_if_not_exists: false },
    // The same however often the delivery is worked again.
    nonce: message,
    enforce_nonce: true,
  };
  return called(rest.post(Routes.channelMessages(channel), { body }));
}
