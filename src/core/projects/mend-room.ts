import { room, roomMended } from './room.ts';
import { runsProjects } from './rules.ts';

/** Uses a room again that could not be written to. What it missed is brought; news of a moment are not told late. */
export const mendRoom = room.command({
  name: 'project.mend-room',
  version: 'optional',
  button: { label: 'Use it again', word: 'USE', style: 'primary' },
  rank: 1,
  assurance: 'chat',
  who: runsProjects,
  when: ({ fault, ended }) => fault !== null && !ended,
  decide: (it) => ({ ...it, fault: null }),
  event: roomMended,
  say: ({ name }) => `${name} is written to again. What it missed is sent now.`,
});
