import type { Actor } from '../kernel/actor.ts';
import type { Block, Button, ListItem, Press } from '../kernel/card.ts';
import { dayText } from '../kernel/dates.ts';
import type { Face } from '../kernel/list.ts';
import { isFirm } from '../people/index.ts';
import type { Narrowing } from './list-queries.ts';
import type { Counts, ListedTask } from './schema.ts';
import { STATUSES } from './schema.ts';
import { task as thing } from './task.ts';
import { LABELS } from './wording.ts';

interface Shown {
  title: string;
  /** What stands there where there is no task. */
  empty: string;
  counts: Counts;
  /** Of which it is the list, and where “Add a task” begins. */
  project?: string;
  cycle?: string;
}

/** Whose tasks these are: a press on their list says so again. */
type Place = Pick<Shown, 'project' | 'cycle'>;

/** Tasks as a list; by status they stand in the columns of a board. */
export function tasksFace(
  { title, empty, counts, project, cycle }: Shown,
  actor: Actor,
  { order }: Narrowing,
): Face<ListedTask> {
  const left = counts.open + counts.inProgress + counts.blocked;
  const line = (task: ListedTask) => lineOf(task, project === undefined);
  const place = { ...(project ? { project } : {}), ...(cycle ? { cycle } : {}) };
  return {
    title,
    tone: counts.overdue || counts.blocked ? 'attention' : 'neutral',
    status: left ? `${left} to do` : 'Nothing to do',
    lead: [...doneBlock(counts), { kind: 'facts', facts: factsOf(counts) }],
    ...(order === 'status' ? { blocks: (items: readonly ListedTask[]) => columnsOf(items, line) } : { line }),
    empty,
    actions: [...(isFirm(actor) ? [addButton(place)] : []), ...(order === 'status' ? [] : [boardButton(place)])],
    fallback: `${title}: ${left} to do, ${counts.blocked} blocked, ${counts.overdue} overdue.`,
    ...(project ? { about: { entity: 'project', id: project, version: 0 } } : {}),
  } as Face<ListedTask>;
}

/** How far it is: a hundred when all of it is done. What was dropped counts for nothing. */
function doneBlock({ open, inProgress, blocked, done }: Counts): Block[] {
  const total = open + inProgress + blocked + done;
  return total ? [{ kind: 'progress', label: 'Done', percent: Math.floor((100 * done) / total) }] : [];
}

function factsOf({ inProgress, blocked, overdue, done }: Counts) {
  return [
    { label: LABELS.in_progress, value: String(inProgress) },
    { label: LABELS.blocked, value: String(blocked) },
    { label: 'Overdue', value: String(overdue) },
    { label: LABELS.done, value: String(done) },
  ];
}

function columnsOf(items: readonly ListedTask[], line: (task: ListedTask) => ListItem): Block[] {
  return STATUSES.flatMap((status): Block[] => {
    const column = items.filter((one) => one.status === status);
    return column.length ? [{ kind: 'list', title: LABELS[status], items: column.map(line) }] : [];
  });
}

function lineOf(task: ListedTask, withProject: boolean): ListItem {
  const { id, number, title, status, internal, assigneeName, dueOn, isOverdue, projectName, partName } = task;
  return {
    text: `T${number} ${title}`,
    detail: [
      LABELS[status],
      ...(dueOn ? [`${isOverdue ? 'overdue since' : 'due'} ${dayText(dueOn)}`] : []),
      assigneeName ?? 'nobody yet',
      ...(withProject ? [projectName] : []),
      ...(partName ? [partName] : []),
      ...(internal ? ['internal'] : []),
    ].join(' · '),
    mark: status === 'done' ? 'done' : status === 'dropped' ? 'removed' : 'open',
    button: thing.opening(id, 'Open', `OPEN${number}`),
  };
}

function addButton(place: Place): Button {
  const press = { target: 'task.add', input: { ...place } as Record<string, string> };
  return { kind: 'button', label: 'Add a task…', word: 'ADD', press };
}

function boardButton({ project, cycle }: Place): Button {
  return { kind: 'button', label: 'By status', word: 'BOARD', press: byStatus(project, cycle) };
}

function byStatus(project: string | undefined, cycle: string | undefined): Press {
  const order = 'status';
  if (cycle) return { target: 'task.of-cycle', input: { cycle, order } };
  return project ? { target: 'task.list', input: { project, order } } : { target: 'task.mine', input: { order } };
}
