import { tenantOf } from '../../core/kernel/connection.ts';
import { commandOf } from '../../core/kernel/registry.ts';
import { spokenIn } from '../../core/kernel/words.ts';
import type { ChannelTools } from '../channel.ts';
import { cardOf } from '../notice.ts';
import type { TeamsClient } from './client.ts';
import { noteInstalled } from './installation.ts';
import { messageOf } from './message.ts';
import type { Parsed } from './parse.ts';

/**
 * A code that was posted is answered at once, like a press: of an organisation that no firm has connected nothing is stored.
 * @returns false when the message is something else
 */
export async function answerClaim(
  client: TeamsClient,
  { app, inbound }: ChannelTools,
  { where, who, text, deliveryId, addressed }: Extract<Parsed, { kind: 'message' }>,
): Promise<boolean> {
  const spoken = addressed ? spokenIn(app.registry.words, text) : null;
  if (!spoken || !commandOf(app.registry, spoken.word.press)?.claims) return false;
  const { press, takes = 'code' } = spoken.word;
  const input = { ...press.input, [takes]: spoken.rest };
  const place = where.personal ? {} : { place: where.room };
  const answer = await inbound.press({ who, press: { ...press, input }, requestId: `teams:${deliveryId}`, ...place });
  try {
    // That the app was added came before anybody knew whose organisation it is: this message says how to write there.
    const tenantId = answer.kind === 'done' ? await tenantOf(app, where.install) : null;
    if (tenantId) await noteInstalled(app, tenantId, where);
    await client.post(where.reference, where.thread, messageOf(cardOf(answer)));
  } catch (error) {
    // It is done, or refused: having the message sent again changes nothing.
    app.log.warn({ err: error, organisation: who.account }, 'it could not be said what became of a code');
  }
  return true;
}
