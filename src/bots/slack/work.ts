import type { WebClient } from '@slack/web-api';
import type { Answer } from '../../core/kernel/answer.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import type { InboxItem, Worked } from '../../core/kernel/inbox.ts';
import type { Inbound } from '../channel.ts';
import { Undeliverable } from '../channel.ts';
import { cardOf } from '../notice.ts';
import { called } from './client.ts';
import type { Heard } from './message.ts';
import { mentionedIn, parseMessage, plainText } from './message.ts';
import { renderMessage } from './render.ts';

/** Works a stored event: words in the thread of one of our cards become an answer to its thing, all else is left alone, with the reason. */
export async function workEvent(web: WebClient, inbound: Inbound, item: InboxItem): Promise<Worked> {
  const heard = parseMessage(item.body, item.account);
  switch (heard.kind) {
    case 'silent':
      return { status: 'applied', outcome: `left alone: ${heard.why}` };
    case 'unknown':
      return { status: 'quarantined', outcome: heard.why };
    case 'said':
      return workSaid(web, inbound, heard);
  }
}

async function workSaid(web: WebClient, inbound: Inbound, heard: Extract<Heard, { kind: 'said' }>): Promise<Worked> {
  const text = plainText(heard.said.text, await namesIn(web, heard.said.text));
  const answer = await inbound.say({ ...heard.said, text });
  switch (answer.kind) {
    case 'done':
      return { status: 'applied', outcome: 'taken as an answer to the card above it' };
    case 'unmatched':
      return { status: 'applied', outcome: 'left alone: it is not in the thread of a card of ours' };
    case 'form':
    case 'card':
    case 'not-linked':
      return told(web, heard, answer, {
        status: 'applied',
        outcome: 'not taken: its author is not linked and was asked to link',
      });
    case 'refused':
      if (answer.code === 'unavailable') throw new DomainError('unavailable', answer.say);
      return told(web, heard, answer, { status: 'quarantined', outcome: answer.say });
    case 'invalid':
    case 'stale':
      return told(web, heard, answer, { status: 'quarantined', outcome: answer.say });
  }
}

/** Tells the author in the thread, for their eyes only, that what they wrote was not taken. */
async function told(
  web: WebClient,
  { channel, user, thread }: Extract<Heard, { kind: 'said' }>,
  answer: Answer,
  worked: Worked,
): Promise<Worked> {
  try {
    await called(web.chat.postEphemeral({ channel, user, thread_ts: thread, ...renderMessage(cardOf(answer)) }));
    return worked;
  } catch (error) {
    if (!(error instanceof Undeliverable)) throw error;
    return { ...worked, outcome: `${worked.outcome} (they could not be told: ${error.message})` };
  }
}

/** Names of the people mentioned; one whom Slack does not know stays an id. A passing fault is thrown, so that a retry reads the same text. */
async function namesIn(web: WebClient, text: string): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const user of mentionedIn(text)) {
    try {
      const { user: found } = await called(web.users.info({ user }));
      const name = found?.profile?.display_name || found?.real_name || found?.name;
      if (name) names.set(user, name);
    } catch (error) {
      if (!(error instanceof Undeliverable)) throw error;
    }
  }
  return names;
}
