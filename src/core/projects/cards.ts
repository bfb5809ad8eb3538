import type { Actor } from '../kernel/actor.ts';
import type { Block, Button, Card } from '../kernel/card.ts';
import { capital } from '../kernel/field.ts';
import type { Face } from '../kernel/list.ts';
import { may } from '../people/index.ts';
import { project as thing } from './project.ts';
import type { Room } from './room.ts';
import { room } from './room.ts';
import { runsProjects } from './rules.ts';
import type { Project, ShownProject } from './schema.ts';
import { STAGES } from './schema.ts';

/** Where a project stands, phase by phase. */
export function projectCard(project: ShownProject, actor: Actor): Card {
  const done = project.phases.length
    ? Math.round(project.phases.reduce((sum, phase) => sum + phase.progress, 0) / project.phases.length)
    : project.cyclesProgress;
  return {
    title: project.name,
    tone: 'info',
    status: capital(project.stage),
    blocks: [
      {
        kind: 'facts',
        facts: [
          { label: 'Client', value: project.clientName },
          {
            label: 'Stage',
            value: `${capital(project.stage)} (${STAGES.indexOf(project.stage) + 1} of ${STAGES.length})`,
          },
        ],
      },
      ...(done === null ? [{ kind: 'text' as const, text: 'No phases yet.', subtle: true }] : [bar('Done', done)]),
      ...project.phases.map((phase) => bar(phase.name, phase.progress)),
      // Without phases the project is as far as its cycles are: that stands above.
      ...(project.phases.length && project.cyclesProgress !== null ? [bar('Cycles', project.cyclesProgress)] : []),
    ],
    actions: [
      {
        kind: 'button',
        label: 'Cycles',
        word: 'CYCLES',
        press: { target: 'cycle.list', input: { project: project.id } },
      },
      {
        kind: 'button',
        label: 'Deliverables',
        word: 'DELIVERABLES',
        place: 'more',
        press: { target: 'deliverable.list', input: { project: project.id } },
      },
      {
        kind: 'button',
        label: 'Tasks',
        word: 'TASKS',
        press: { target: 'task.list', input: { project: project.id } },
      },
      {
        kind: 'button',
        label: 'Report a bug…',
        word: 'BUG',
        press: { target: 'ticket.file-bug', input: { project: project.id } },
      },
      {
        kind: 'button',
        label: 'Ask for a change…',
        word: 'CHANGE',
        press: { target: 'ticket.file-change', input: { project: project.id } },
      },
      ...hoursButton(project, actor),
      ...thing.buttons(project, actor),
    ],
    fallback: `${project.name}: ${capital(project.stage)}${done === null ? '' : `, ${done}% done`}.`,
    about: { entity: 'project', id: project.id, version: project.version },
  };
}

function bar(label: string, percent: number): Block {
  return { kind: 'progress', label, percent };
}

/** Hours are money: for those who may read the client's billing. */
function hoursButton({ id }: ShownProject, actor: Actor): Button[] {
  if (!may(actor, 'read', 'billing', id)) return [];
  const press = { target: 'period.of-project', input: { project: id } };
  return [{ kind: 'button', label: 'Hours', word: 'HOURS', press }];
}

/** The list of projects, each opened by a press. */
export function projectsFace(count: number, actor: Actor): Face<Project> {
  return {
    title: 'Projects',
    line: ({ id, name, clientName, stage }) => ({
      text: name,
      detail: `${clientName} · ${capital(stage)}`,
      button: thing.opening(id),
    }),
    empty: runsProjects(actor) ? 'No projects yet. Open the first one.' : 'No projects yet.',
    actions: runsProjects(actor) ? [OPEN_PROJECT] : [],
    fallback: `${count} projects`,
  };
}

const OPEN_PROJECT: Button = {
  kind: 'button',
  label: 'Open a project…',
  word: 'NEW',
  press: { target: 'project.open', input: {} },
};
/** What is wrong with a room; after it was mended, that it was. */
export function roomCard(it: Room, actor: Actor): Card {
  const { id, name, channel, address, fault, ended, version } = it;
  const faulty = fault !== null && !ended;
  const is = ended ? 'is not used any more' : 'is in use again';
  const text =
    'Nothing more is sent there. When it works again, press the button: what did not arrive is sent then, and what happened after that is not told late.';
  return {
    title: faulty ? `${name} cannot be reached` : `${name} ${is}`,
    tone: faulty ? 'danger' : 'good',
    status: faulty ? 'Cannot be reached' : ended ? 'Not used' : 'In use',
    blocks: [
      {
        kind: 'facts',
        facts: [
          // The id of a room in a chat tells nobody anything.
          channel === 'email' ? { label: 'Mailbox', value: address } : { label: 'In', value: capital(channel) },
          ...(faulty ? [{ label: 'Why', value: fault }] : []),
        ],
      },
      ...(faulty ? [{ kind: 'text' as const, text }] : []),
    ],
    actions: room.buttons(it, actor),
    fallback: faulty ? `${name} cannot be reached: ${fault}` : `${name} ${is}.`,
    about: { entity: 'room', id, version },
  };
}
