import type { Actor } from '../kernel/actor.ts';
import type { Block, Button, Card, Tone } from '../kernel/card.ts';
import { dayText } from '../kernel/dates.ts';
import { isFirm } from '../people/index.ts';
import type { ShownTask, Status } from './schema.ts';
import { task as thing } from './task.ts';
import { LABELS } from './wording.ts';

const TONES: Readonly<Record<Status, Tone>> = {
  open: 'neutral',
  in_progress: 'info',
  blocked: 'danger',
  done: 'good',
  dropped: 'neutral',
};

/** What is to be done, by whom and until when, with the buttons that this actor may press. It says nothing of today: see G3. */
export function taskCard(task: ShownTask, actor: Actor): Card {
  const { state, number, title, description } = task;
  return {
    title: `T${number} ${title}`,
    tone: TONES[state.status],
    status: LABELS[state.status],
    blocks: [
      ...(state.status === 'blocked' ? [textOf(`Cannot go on: ${state.reason}`)] : []),
      { kind: 'facts', facts: factsOf(task, actor) },
      ...(description ? [textOf(description)] : []),
    ],
    actions: [...thing.buttons(task, actor), listButton(task)],
    fallback: `T${number}: ${title} (${LABELS[state.status]}, ${task.projectName})`,
    about: { entity: 'task', id: task.id, version: task.version },
  };
}

function textOf(text: string): Block {
  return { kind: 'text', text };
}

function factsOf(task: ShownTask, actor: Actor): { label: string; value: string }[] {
  const facts: [string, string | null][] = [
    ['Project', isFirm(actor) ? `${task.projectName} (${task.clientName})` : task.projectName],
    [task.part?.kind === 'cycle' ? 'Cycle' : 'Phase', task.partName],
    ['Who', task.assignee?.name ?? 'Nobody yet'],
    ['Due', task.dueOn && dayText(task.dueOn)],
    ['Seen by', isFirm(actor) ? (task.internal ? 'The team alone' : 'The team and the client') : null],
    ['Added by', task.createdBy],
  ];
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

function listButton({ projectId }: ShownTask): Button {
  const press = { target: 'task.list', input: { project: projectId } };
  return { kind: 'button', label: 'All tasks', word: 'ALL', place: 'more', press };
}
