import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { room, roomFaulted } from './room.ts';

/** Notes that a room cannot be written to; nothing more is sent there until somebody mends it. Said once, however often it is found. */
export const noteRoomFault = room.command({
  name: 'project.note-room-fault',
  given: { reason: z.string().min(1) },
  version: 'optional',
  button: [],
  who: isSystem,
  when: ({ fault, ended }) => fault === null && !ended,
  decide: (it, { reason }) => ({ ...it, fault: reason }),
  event: (before, after, { reason }) => roomFaulted.of(before, after, { reason }),
  say: ({ name }) => `${name} cannot be written to.`,
});
