import { connected } from '../connections/index.ts';
import { completed, progressed } from '../cycles/index.ts';
import { announce, reactTo } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { isFirm } from '../people/index.ts';
import { added, dropped, finished, moved, reopened } from '../tasks/index.ts';
import * as commands from './commands.ts';
import { project } from './project.ts';
import { room, roomBound, roomFaulted } from './room.ts';
import { listRooms } from './rooms.ts';
import { runsProjects } from './rules.ts';
import { listProjects, showProject, showRoomFault } from './views.ts';

export { project } from './project.ts';
export { countRooms, projectsUnderWay } from './queries.ts';

/** Projects, how far they are, and the rooms they are talked about in. */
export const projects = area({
  name: 'projects',
  things: [project, room],
  commands: Object.values(commands),
  views: [showProject, listProjects, listRooms, showRoomFault],
  reactions: [
    // Connected again, or for the first time: then it has no rooms yet.
    reactTo(connected, ({ data: { tool, account } }) => ({
      name: 'project.mend-rooms',
      input: { channel: tool, account },
    })),
    ...[added, finished, reopened, dropped].map((on) =>
      reactTo(on, ({ projectId, data }) => (projectId && data.phaseId ? counting(projectId) : null)),
    ),
    // By its cycles: what the client took counts as done.
    ...[progressed, completed].map((on) =>
      reactTo<unknown>(on, ({ projectId }) => (projectId ? counting(projectId) : null)),
    ),
    // From one phase to another.
    reactTo(moved, ({ projectId }) => (projectId ? counting(projectId) : null)),
  ],
  announcements: [
    announce(roomBound, 'card', ({ data }) => project.showing(data.project ?? '')),
    announce(roomFaulted, 'card', ({ about }) => room.showing(about.id)),
  ],
  menu: [
    { label: 'Projects', press: { target: 'project.list', input: {} } },
    { label: 'Channels', press: { target: 'room.list', input: {} }, who: isFirm },
    { label: 'Open a project…', press: { target: 'project.open', input: {} }, who: runsProjects },
  ],
});

function counting(project: string) {
  return { name: 'project.count-progress', input: { project } };
}
