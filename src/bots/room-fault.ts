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
  const [inUse] = await withActor(app, { kind: 'system', tenantId, reason: why }, async ({ sql }) => {
    await sql`
      update posted_card set state = 'undeliverable', error = ${reason}, updated_at = now(), drawn = changes, look_at = null
      where tenant_id = ${tenantId} and id = ${cardId}`;
    return sql`select id from room where tenant_id = ${tenantId} and id = ${id} and fault is null and unbound_at is null`;
  });
  if (!inUse) return;
  const input = { room: id, reason: reason || 'The platform did not say why.' };
  const request = { name: 'project.note-room-fault', input, requestId: `undeliverable:${cardId}:${randomUUID()}` };
  try {
    await runCommand(app, { kind: 'system', tenantId, reason: why }, request);
  } catch (error) {
    // Somebody else noted it, or unbound the room, in between.
    if (!(error instanceof DomainError && ['conflict', 'not_found'].includes(error.code))) throw error;
  }
}
