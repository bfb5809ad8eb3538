import { createHash } from 'node:crypto';
import type { Who } from '../core/kernel/actor.ts';
import type { Card } from '../core/kernel/card.ts';
import type { Life } from '../core/kernel/registry.ts';
import type { Room } from './channel.ts';

/** Live cards stay for as long as they are shown. */
export const CARD_LIVES: readonly Life[] = [
  { table: 'posted_card', kept: '90 days once gone, mails 2 years', sweep: 'parley_sweep_posted_card' },
];

/** Reads a row of the room table. */
export function roomColumns(row: Record<string, unknown>): Room {
  return {
    tenantId: row.tenant_id as string,
    id: row.id as string,
    channel: row.channel as Room['channel'],
    account: row.account as string,
    address: row.address as string,
    name: row.name as string,
    audience: row.audience as Room['audience'],
    clientId: row.client_id as string | null,
    projectId: row.project_id as string | null,
    personId: row.person_id as string | null,
    reference: row.reference as Room['reference'],
    ended: Boolean(row.unbound_at),
  };
}

/** What a card of a room that has ended becomes: whoever reads the channel next sees nothing of what it showed. */
export function closedCard(room: Room): Card {
  const text = 'This channel was unbound, so what was shown here is not kept up here any more.';
  return {
    title: 'This has moved',
    tone: 'neutral',
    blocks: [{ kind: 'text', text }],
    actions: [],
    fallback: text,
    about: { entity: 'room', id: room.id, version: 0 },
  };
}

/** By which a card is compared with what was posted of it. */
export function hashOf(card: Card): string {
  return createHash('sha256').update(JSON.stringify(card)).digest('base64url');
}

/** For whom a room's cards are drawn: its person, or everybody who reads it. */
export function audienceOf(room: Room): Who {
  return room.personId
    ? { kind: 'person', tenantId: room.tenantId, personId: room.personId, channel: room.channel, assurance: 'link' }
    : { kind: 'audience', tenantId: room.tenantId, roomId: room.id };
}

/** By what the database opens a transaction for the readers of a room (see parley_open): rooms with the same show the same. */
export function readersOf({ id, ended, personId, channel, audience, clientId, projectId }: Room) {
  if (ended) return { id };
  return personId ? { personId, channel } : { audience, clientId, projectId };
}
