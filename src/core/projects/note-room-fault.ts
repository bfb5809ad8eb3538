import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { EVENTS } from './project.ts';
import { roomForUpdate } from './room-fault.ts';

/** Notes that a room cannot be written to; nothing more is sent there until somebody mends it. Said once, however often it is found. */
export const noteRoomFault = command({
  name: 'project.note-room-fault',
  input: z.strictObject({ room: z.uuid(), reason: z.string().min(1) }),
  load: ({ sql }, { room }) => roomForUpdate(sql, room),
  policy: (actor) => actor.kind === 'system',
  handle: async ({ sql }, { reason }, room) => {
    const output = { id: room.id, name: room.name };
    if (room.fault !== null) throw new DomainError('conflict', 'It is known already that this cannot be reached.');
    await sql`update room set fault = ${reason}, version = version + 1 where id = ${room.id}`;
    const of = room.clientId ? { clientId: room.clientId } : {};
    const about = { entity: 'room', id: room.id };
    return { events: [{ name: EVENTS.roomFaulted, about, ...of, data: { reason }, after: { fault: reason } }], output };
  },
  reply: ({ id, name }) => confirmation(id, `${name} cannot be written to.`),
});
