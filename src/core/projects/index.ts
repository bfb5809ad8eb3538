import { CONNECTED } from '../connections/index.ts';
import { area } from '../kernel/registry.ts';
import { isFirm } from '../people/index.ts';
import { addPhase } from './add-phase.ts';
import { bindHere } from './bind-here.ts';
import { bindRoom, unbindRoom } from './bind-room.ts';
import { mendRoom } from './mend-room.ts';
import { mendRooms } from './mend-rooms.ts';
import { noteRoomFault } from './note-room-fault.ts';
import { openProject } from './open-project.ts';
import { EVENTS, project } from './project.ts';
import { projectChoices } from './queries.ts';
import { reportProgress } from './report-progress.ts';
import { showing, showRoomFault } from './room-fault.ts';
import { listRooms } from './rooms.ts';
import { runsProjects } from './rules.ts';
import { setStage } from './set-stage.ts';
import { listProjects, showProject } from './views.ts';

export { countRooms } from './queries.ts';

/** Projects, how far they are, and the rooms they are talked about in. */
export const projects = area({
  name: 'projects',
  things: [project],
  commands: [
    openProject,
    setStage,
    addPhase,
    reportProgress,
    bindRoom,
    bindHere,
    unbindRoom,
    noteRoomFault,
    mendRoom,
    mendRooms,
  ],
  views: [showProject, listProjects, listRooms, showRoomFault],
  reactions: [
    {
      // Connected again, or for the first time: then it has no rooms yet.
      on: CONNECTED,
      next: ({ data: { tool, account } }) => ({
        name: 'project.mend-rooms',
        input: { channel: String(tool), account: String(account) },
      }),
    },
  ],
  announcements: [
    {
      // A room that is bound to one project opens with that project's card.
      on: EVENTS.roomBound,
      audience: (event) => (event.data.project ? [{ room: event.about.id }] : []),
      view: (event) => ({ target: 'project.show', input: { project: String(event.data.project) } }),
      as: 'card',
    },
    {
      on: EVENTS.roomFaulted,
      audience: () => [{ audience: 'triage' }],
      view: (event) => showing(event.about.id),
      as: 'card',
    },
  ],
  menu: [
    { label: 'Projects', press: { target: 'project.list', input: {} } },
    { label: 'Channels', press: { target: 'room.list', input: {} }, who: isFirm },
    { label: 'Open a project…', press: { target: 'project.open', input: {} }, who: runsProjects },
    { label: 'Add a phase…', press: { target: 'project.add-phase', input: {} }, who: runsProjects },
  ],
  choices: { project: projectChoices },
  shows: { room: 'project.room-fault' },
  schedules: [],
});
