import { room, roomUnbound } from './room.ts';
import { runsProjects } from './rules.ts';

/** Ends a room: nothing is posted there any more, and what it shows is closed. A person's mailbox is not bound and stays. */
export const unbindRoom = room.command({
  name: 'project.unbind-room',
  version: 'optional',
  button: { label: 'Stop using it', word: 'UNBIND', style: 'danger', place: 'more' },
  assurance: 'chat',
  who: runsProjects,
  when: ({ personId, ended }) => !ended && (personId === null || 'it is somebody’s own'),
  handle: async ({ sql, now }, _input, it) => {
    // The fault tells a process of the version before, which does not know of ended rooms.
    await sql`update room set fault = 'unbound', unbound_at = ${now}, version = version + 1 where id = ${it.id}`;
    const after = { ...it, fault: 'unbound', ended: true, version: it.version + 1 };
    return {
      events: [roomUnbound.of(it, after)],
      after,
      say: `Nothing is posted in ${it.name} any more, and what was shown there is closed.`,
    };
  },
});
