import { announce, reactTo } from '../kernel/event.ts';
import { area } from '../kernel/registry.ts';
import { deactivated, isFirm, leftProject } from '../people/index.ts';
import * as commands from './commands.ts';
import { listTasks, showMine, showOf, showOfCycle } from './lists.ts';
import { taskFigures, tasksOfPeople, tasksOfProjects } from './standing.ts';
import { assigned, blocked, finished, released, task } from './task.ts';
import { showTask } from './views.ts';
import { waitingTasks } from './waiting.ts';

export { progressOf, tasksDone } from './progress.ts';
export { added, dropped, finished, moved, reopened } from './task.ts';

/** What is to be done inside phases and cycles, by whom and until when. */
export const tasks = area({
  name: 'tasks',
  things: [task],
  commands: Object.values(commands),
  views: [showTask, listTasks, showOfCycle, showMine, showOf],
  reactions: [
    reactTo(deactivated, ({ about }) => ({ name: 'task.release', input: { person: about.id } })),
    reactTo(leftProject, ({ about, data }) => ({
      name: 'task.release',
      input: { person: about.id, project: data.project },
    })),
  ],
  announcements: [
    announce(finished, 'card', ({ about }) => task.showing(about.id), { tier: 'informational' }),
    // Somebody is to act: a message of its own, because nobody looks at an old card that changed in place.
    ...[assigned, blocked, released].map((on) => announce<unknown>(on, 'alert', ({ about }) => task.showing(about.id))),
  ],
  waiting: [{ thing: task, read: waitingTasks }],
  figures: [{ thing: task, read: taskFigures }],
  standings: [
    { of: 'project', thing: task, read: tasksOfProjects },
    { of: 'person', thing: task, read: tasksOfPeople },
  ],
  menu: [
    { label: 'My tasks', press: { target: 'task.mine', input: {} } },
    { label: 'Add a task…', press: { target: 'task.add', input: {} }, who: isFirm },
  ],
});
