import type { Who } from '../core/kernel/actor.ts';
import type { Answer } from '../core/kernel/answer.ts';
import { answerPress } from '../core/kernel/answer.ts';
import type { Card, Press } from '../core/kernel/card.ts';
import { tenantOf } from '../core/kernel/connection.ts';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import { storeDeliveries } from '../core/kernel/inbox.ts';
import type { App } from '../core/kernel/registry.ts';
import { commandOf, showView } from '../core/kernel/registry.ts';
import { storable } from '../core/kernel/text.ts';
import type { Inbound, Pressed, Room, Said, Sender } from './channel.ts';
import { claim } from './claim.ts';
import { withFiles } from './files.ts';
import { audienceOf, closedCard, roomColumns } from './rooms.ts';

/** Press or text → actor → command or view → answer. The same for every channel. */
export function inboundFor(app: App): Inbound {
  return {
    press: (pressed) => press(app, pressed),
    say: (said) => say(app, said),
    redraw: (room, messageId) => redraw(app, room, messageId),
    store: async (install, delivery) => (await storeDeliveries(app, install, [delivery]))?.[0] ?? null,
  };
}

/** Finding out who pressed, or how they may link, can meet an outage too: whoever pressed gets an answer all the same. */
async function press(app: App, pressed: Pressed): Promise<Answer> {
  try {
    return await pressAs(app, pressed);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'unavailable') throw error;
    return { kind: 'refused', code: error.code, say: error.say, card: null };
  }
}

async function pressAs(app: App, pressed: Pressed): Promise<Answer> {
  const asPerson = whoOf(pressed.who);
  const command = commandOf(app.registry, pressed.press);
  if (command?.claims) return claim(app, command, pressed, knownOf(pressed.who));
  // What somebody who is not linked may do: link. It runs as the system, with who they are taken from the platform, never from input.
  if (isOpenToAll(app, pressed.press)) {
    const tenantId = await tenantOf(app, pressed.who.install);
    if (!tenantId)
      return { kind: 'refused', code: 'not_found', say: 'This workspace is not connected to Parley.', card: null };
    const system: Who = { kind: 'system', tenantId, reason: 'linking' };
    return answerPress(app, system, { ...pressed, known: knownOf(pressed.who) });
  }
  const answer = await answerPress(app, asPerson, pressed);
  return answer.kind === 'not-linked' ? linkCard(app, answer.tenantId, pressed.who) : answer;
}

/** The card that starts linking; shown instead of the answer, never a guess at who it may be. */
async function linkCard(app: App, tenantId: string, who: Sender): Promise<Answer> {
  const card = await showView(
    app,
    { kind: 'system', tenantId, reason: 'linking' },
    { target: 'identity.link', input: knownOf(who) },
  );
  return { kind: 'form', card };
}

function isOpenToAll(app: App, press: Press): boolean {
  return Boolean((commandOf(app.registry, press) ?? app.registry.views.get(press.target))?.unlinked);
}

/** What the platform says of who presses. */
function knownOf({ provider, account, externalId, name }: Sender): Record<string, string> {
  return { provider, account, externalId, ...(name ? { calledAs: storable(name.slice(0, 80)) } : {}) };
}

async function say(app: App, said: Said): Promise<Answer | { kind: 'unmatched' }> {
  const tenantId = await tenantOf(app, said.who.install);
  if (!tenantId) return { kind: 'unmatched' };
  const about = await withActor(
    app,
    { kind: 'system', tenantId, reason: 'finding the thread of an answer' },
    async ({ sql }) => {
      const messageId = 'messageId' in said.inReplyTo ? said.inReplyTo.messageId : null;
      const cardId = 'cardId' in said.inReplyTo ? said.inReplyTo.cardId : null;
      const [card] = await sql<{ entity: string; entity_id: string; room: string; audience: Room['audience'] }>`
      select p.entity, p.entity_id, r.id as room, r.audience from posted_card p join room r on r.tenant_id = p.tenant_id and r.id = p.room_id
      where p.tenant_id = ${tenantId} and r.unbound_at is null and (p.id = ${cardId}
        or (p.message_id = ${messageId} and r.channel = ${said.room.channel} and r.account = ${said.room.account} and r.address = ${said.room.address}))
      limit 1`;
      return card;
    },
  );
  const command = about && takerOf(app, about.entity, about.audience);
  if (!about || !command) return { kind: 'unmatched' };
  const press: Press = { target: command, input: { [about.entity]: about.entity_id } };
  const { text, known } = withFiles(app, command, said.text, said.files);
  const answer = await answerPress(app, whoOf(said.who), {
    press,
    requestId: said.requestId,
    known: { body: text, saidIn: about.room, ...(said.quoted ? { quoted: said.quoted } : {}), ...known },
  });
  return answer.kind === 'not-linked' ? linkCard(app, answer.tenantId, said.who) : answer;
}

/** What is said in a room of the firm alone stays there; what is said to a client's card is an answer. */
function takerOf(app: App, entity: string, audience: Room['audience']): string | undefined {
  const thing = app.registry.things.get(entity);
  const internal = audience === 'internal' || audience === 'triage';
  return (internal ? thing?.note : undefined) ?? thing?.answer;
}

async function redraw(
  app: App,
  where: { channel: string; account: string; address: string },
  messageId: string,
): Promise<Card | null> {
  const tenantId = await tenantOf(app, { tool: where.channel, account: where.account });
  if (!tenantId) return null;
  const found = await withActor(app, { kind: 'system', tenantId, reason: 'redrawing a card' }, async ({ sql }) => {
    const [row] = await sql<{ view: Press } & Record<string, never>>`
      select p.view, r.* from posted_card p join room r on r.tenant_id = p.tenant_id and r.id = p.room_id
      where p.tenant_id = ${tenantId} and p.message_id = ${messageId} and r.channel = ${where.channel} and r.account = ${where.account} and r.address = ${where.address}
      limit 1`;
    return row ? { view: row.view as Press, room: roomColumns(row) as Room } : null;
  });
  if (!found) return null;
  if (found.room.ended) return closedCard(found.room);
  try {
    return await showView(app, audienceOf(found.room), found.view);
  } catch (error) {
    if (error instanceof DomainError && (error.code === 'not_found' || error.code === 'forbidden')) return null;
    throw error;
  }
}

function whoOf(sender: Sender): Who {
  return {
    kind: 'identity',
    install: sender.install,
    provider: sender.provider,
    account: sender.account,
    externalId: sender.externalId,
    channel: sender.provider,
    assurance: sender.assurance,
  };
}
