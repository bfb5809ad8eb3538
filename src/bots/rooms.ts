import type { Who } from '../core/kernel/actor.ts';
import type { Room } from './channel.ts';

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
  };
}

/** For whom a room's cards are drawn: its person, or everybody who reads it. */
export function audienceOf(room: Room): Who {
  return room.personId
    ? { kind: 'person', tenantId: room.tenantId, personId: room.personId, channel: room.channel, assurance: 'link' }
    : { kind: 'audience', tenantId: room.tenantId, roomId: room.id };
}
