import { storedConnection } from '../../core/kernel/connection.ts';
import { noteSettings } from '../../core/kernel/connection-notes.ts';
import { withActor } from '../../core/kernel/context.ts';
import type { Worked } from '../../core/kernel/inbox.ts';
import type { App } from '../../core/kernel/registry.ts';
import type { ChannelTools, Room } from '../channel.ts';
import type { Where } from './parse.ts';
import { PUBLIC_SERVICE_URL, Reference, referenceTo } from './reference.ts';

/**
 * Notes how a conversation is written to, in its rooms and, for rooms that are bound later or lie in another channel of
 * the same team, the service address with the connection.
 * The database lets nothing revive a room that has ended.
 */
export async function noteInstalled(app: App, tenantId: string, { room, reference }: Where): Promise<Worked> {
  const rooms = await withActor(
    app,
    { kind: 'system', tenantId, reason: 'the app was added in Teams' },
    async (context) => {
      await noteSettings(
        context,
        { tenantId, tool: 'teams', account: room.account },
        { serviceUrl: reference.serviceUrl },
      );
      return context.sql<{ name: string }>`
      update room set reference = ${JSON.stringify(reference)}, fault = null
      where tenant_id = ${tenantId} and channel = 'teams' and account = ${room.account} and address = ${room.address} returning name`;
    },
  );
  return {
    status: 'applied',
    outcome: rooms.length
      ? `can write to ${names(rooms)}`
      : `added to ${room.address}, which is not bound to a client yet`,
  };
}

/**
 * Nothing more is sent where the app was taken out; staff see why. Teams does not say that an organisation removed the app as a
 * whole: it has when it was taken out of the last room of the firm's.
 */
export async function noteRemoved({ app, absent }: ChannelTools, tenantId: string, { room }: Where): Promise<Worked> {
  const { account, address } = room;
  const why = { kind: 'system', tenantId, reason: 'the app was removed in Teams' } as const;
  const { rooms, isLast } = await withActor(app, why, async ({ sql }) => {
    const rooms = await sql<{ name: string }>`
      update room set fault = 'Parley was removed from this Teams conversation. Add the app there again.'
      where tenant_id = ${tenantId} and channel = 'teams' and account = ${account} and address = ${address} and unbound_at is null
      returning name`;
    const [left] = await sql`
      select from room where tenant_id = ${tenantId} and channel = 'teams' and account = ${account} and person_id is null
        and fault is null and unbound_at is null limit 1`;
    return { rooms, isLast: rooms.length > 0 && !left };
  });
  if (isLast) await absent?.(account, REMOVED);
  return {
    status: 'applied',
    outcome: rooms.length ? `removed from ${names(rooms)}` : `removed from ${room.address}, which was not bound`,
  };
}

const REMOVED = 'Parley was removed from this Teams organisation. Add the app to a team there again.';

/** Seconds after which a room that waits for the app is tried again. */
export const WAITING_SECONDS = 5;
/** How long a room that was bound before the app was added may wait for it before staff are told. */
const PATIENCE = '10 minutes';

/** A room that was bound lately, and of which Teams has not said yet that the app is there: that it will is the ordinary course. */
export async function waitsForApp(app: App, { tenantId, id, reference }: Room): Promise<boolean> {
  if (reference) return false;
  const who = { kind: 'system', tenantId, reason: 'writing to Teams' } as const;
  const [young] = await withActor(
    app,
    who,
    ({ sql }) =>
      sql`select from room where tenant_id = ${tenantId} and id = ${id} and reference is null and created_at > now() - ${PATIENCE}::interval`,
  );
  return young !== undefined;
}

/** How a room is written to: as its conversation last told us, else by what is known of its organisation. */
export async function referenceOfRoom(app: App, appId: string, room: Room): Promise<Reference> {
  const own = Reference.safeParse(room.reference);
  if (own.success) return own.data;
  const connection = await storedConnection(app, room.tenantId, 'teams', { account: room.account });
  const known = connection?.settings.serviceUrl;
  return referenceTo(room.address, room.account, appId, typeof known === 'string' ? known : PUBLIC_SERVICE_URL);
}

function names(rooms: { name: string }[]): string {
  return rooms.map(({ name }) => name).join(', ');
}
