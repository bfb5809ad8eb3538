import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { sentence } from '../kernel/thing-definition.ts';
import type { Room } from './room.ts';
import { roomMended } from './room.ts';

/**
 * Uses the rooms of an account again, once it was connected again: while it was not, nothing could be written to any of them.
 * One that has a fault of its own as well is found to have it when it is next written to.
 */
export const mendRooms = command({
  name: 'project.mend-rooms',
  input: z.strictObject({ channel: z.string(), account: z.string().min(1) }),
  load: ({ sql }, { channel, account }) => sql<Room>`
    select id, name, channel, address, client_id as "clientId", project_id as "projectId", person_id as "personId", fault,
      false as ended, version from room
    where channel = ${channel} and account = ${account} and fault is not null and unbound_at is null for update`,
  policy: isSystem,
  handle: async ({ sql, actor }, { channel, account }, rooms) => {
    const [first, ...more] = rooms;
    if (!first) throw new DomainError('conflict', 'None of them has a fault.');
    const ids = rooms.map(({ id }) => id);
    await sql`update room set fault = null, version = version + 1 where id = any(${ids}::uuid[])`;
    return {
      events: [mended(first), ...more.map(mended)],
      output: { firm: actor.tenantId, called: `${channel} ${account}`, count: rooms.length },
    };
  },
  reply: ({ firm, called, count }) => sentence('home', firm, `${count} rooms of ${called} are written to again.`),
});

function mended(room: Room) {
  return roomMended.of(room, { ...room, fault: null, version: room.version + 1 });
}
