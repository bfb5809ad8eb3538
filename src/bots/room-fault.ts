import { randomUUID } from 'node:crypto';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { App } from '../core/kernel/registry.ts';
import { runCommand } from '../core/kernel/registry.ts';
import type { Room } from './channel.ts';

/**
 * Notes that a card could not arrive in its room for good: nothing more is sent there until staff, who are told in triage,
 * mend it. The card comes back then.
 */
export async function noteUndeliverable(app: App, room: Room, cardId: string, reason: string): Promise<void> {
  app.log.warn({ room: room.id, channel: room.channel, reason }, 'a room cannot be written to');
  const { tenantId, id } = room;
  const why = 'what was sent did not arrive';
  const { key, inUse } = await withActor(app, { kind: 'system', tenantId, reason: why }, async ({ sql }) => {
    const [card] = await sql<{ key: string }>`
      update posted_card set state = 'undeliverable', error = ${reason}, updated_at = now(), drawn = changes, look_at = null
      where tenant_id = ${tenantId} and id = ${cardId} returning key`;
    const rooms =
      await sql`select id from room where tenant_id = ${tenantId} and id = ${id} and fault is null and unbound_at is null`;
    return { key: card?.key ?? '', inUse: rooms.length > 0 };
  });
  if (inUse) await noteFault(app, room, cardId, reason);
  // After the fault: by which other channel the person is told is decided by what can be reached.
  await noteOutcome(app, room, { id: cardId, key }, 'unreachable');
}

/**
 * Notes of a notice that it was not shown to its person, who may be told by another channel. A card that several people read is
 * none, and nothing is noted.
 */
export async function noteOutcome(
  app: App,
  room: Pick<Room, 'tenantId' | 'id'>,
  card: { id: string; key: string },
  fault: 'unseen' | 'unreachable',
): Promise<void> {
  const request = app.registry.notices?.outcome(card.key, room.id, fault);
  if (!request) return;
  const who = { kind: 'system', tenantId: room.tenantId, reason: 'a notice was not shown' } as const;
  await runCommand(app, who, { ...request, requestId: `${fault}:${card.id}` }).catch((error: unknown) => {
    // Its time is over, and it was swept away.
    if (!(error instanceof DomainError && error.code === 'not_found')) throw error;
  });
}

async function noteFault(app: App, { tenantId, id }: Room, cardId: string, reason: string): Promise<void> {
  const why = 'what was sent did not arrive';
  const input = { room: id, reason: reason || 'The platform did not say why.' };
  const request = { name: 'project.note-room-fault', input, requestId: `undeliverable:${cardId}:${randomUUID()}` };
  try {
    await runCommand(app, { kind: 'system', tenantId, reason: why }, request);
  } catch (error) {
    // Somebody else noted it, or unbound the room, in between.
    if (!(error instanceof DomainError && ['conflict', 'not_found'].includes(error.code))) throw error;
  }
}
