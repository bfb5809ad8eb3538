import type { Actor } from '../kernel/actor.ts';
import type { Block, Button, ListItem } from '../kernel/card.ts';
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
  /** The project in which “Add a task” begins. */
  project?: string;
}

/** Tasks as a list; by status they stand in the columns of a board. */
export function tasksFace(
  { title, empty, counts, project }: Shown,
  actor: Actor,
  { order }: Narrowing,
): Face<ListedTask> {
  const left = counts.open + counts.inProgress + counts.blocked;
  const line = (task: ListedTask) => lineOf(task, project === undefined);
  return {
    title,
    tone: counts.overdue || counts.blocked ? 'attention' : 'neutral',
    status: left ? `${left} to do` : 'Nothing to do',
    lead: [{ kind: 'facts', facts: factsOf(counts) }],
    ...(order === 'status' ? { blocks: (items: readonly ListedTask[]) => columnsOf(items, line) } : { line }),
    empty,
    actions: [...(isFirm(actor) ? [addButton(project)] : []), ...(order === 'status' ? [] : [boardButton(project)])],
    fallback: `${title}: ${left} to do, ${counts.blocked} blocked, ${counts.overdue} overdue.`,
    ...(project ? { about: { entity: 'project', id: project, version: 0 } } : {}),
  } as Face<ListedTask>;
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

function addButton(project: string | undefined): Button {
  const input: Record<string, string> = project ? { project } : {};
  return { kind: 'button', label: 'Add a task…', word: 'ADD', press: { target: 'task.add', input } };
}

function boardButton(project: string | undefined): Button {
  const input: Record<string, string> = project ? { project } : {};
  const press = { target: project ? 'task.list' : 'task.mine', input: { ...input, order: 'status' } };
  return { kind: 'button', label: 'By status', word: 'BOARD', press };
}
