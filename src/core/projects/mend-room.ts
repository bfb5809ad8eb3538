import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { EVENTS } from './project.ts';
import { roomForUpdate, showing } from './room-fault.ts';
import { runsProjects } from './rules.ts';

/** Uses a room again that could not be written to. What did not arrive is brought; what happened meanwhile is not told late. */
export const mendRoom = command({
  name: 'project.mend-room',
  input: z.strictObject({ room: z.uuid() }),
  assurance: 'chat',
  load: ({ sql }, { room }) => roomForUpdate(sql, room),
  policy: (actor) => runsProjects(actor),
  handle: async ({ sql }, _input, room) => {
    const output = { id: room.id, name: room.name };
    if (room.fault === null) throw new DomainError('conflict', 'It is in use already.', { show: showing(room.id) });
    await sql`update room set fault = null, version = version + 1 where id = ${room.id}`;
    const of = room.clientId ? { clientId: room.clientId } : {};
    const change = { before: { fault: room.fault }, after: { fault: null } };
    return {
      events: [{ name: EVENTS.roomMended, about: { entity: 'room', id: room.id }, ...of, data: {}, ...change }],
      output,
    };
  },
  reply: ({ id, name }) => confirmation(id, `${name} is written to again. What did not arrive there is sent now.`),
});
