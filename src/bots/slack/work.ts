import type { WebClient } from '@slack/web-api';
import type { InboxItem, Worked } from '../../core/kernel/inbox.ts';
import type { Inbound } from '../channel.ts';
import { Undeliverable } from '../channel.ts';
import { cardOf } from '../notice.ts';
import type { NotTaken } from '../said.ts';
import { workedAs } from '../said.ts';
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
  return workedAs(answer, 'in the thread of a card of ours', (untaken) => tell(web, heard, untaken));
}

/** Tells the author in the thread, for their eyes only, that what they wrote was not taken. */
function tell(
  web: WebClient,
  { channel, user, thread }: Extract<Heard, { kind: 'said' }>,
  answer: NotTaken,
): Promise<unknown> {
  return called(web.chat.postEphemeral({ channel, user, thread_ts: thread, ...renderMessage(cardOf(answer)) }));
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
