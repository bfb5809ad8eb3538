import type { Thread } from '../conversations/index.ts';
import { conversation, earlierButton, SILENCE } from '../conversations/index.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Block, Button, Card, Tone } from '../kernel/card.ts';
import { dayText, momentText } from '../kernel/dates.ts';
import { remindedBlocks } from '../kernel/remind-on.ts';
import { sizeText } from '../kernel/text.ts';
import type { Happened } from '../kernel/thing-definition.ts';
import type { Drawing } from '../kernel/view.ts';
import { wayTo } from '../kernel/view.ts';
import { isFirm } from '../people/index.ts';
import { requirement as thing } from './requirement.ts';
import { isOpen } from './rules.ts';
import type { Given, ProvidedFile, Requirement, Status } from './schema.ts';
import { called, KIND_LABELS, LABELS } from './wording.ts';

const TONES: Readonly<Record<Status, Tone>> = {
  asked: 'attention',
  provided: 'info',
  accepted: 'good',
  returned: 'danger',
  withdrawn: 'neutral',
};

/** What is needed and how it stands, with what this actor may do about it. What is secret is on no card. */
export function requirementCard(it: Requirement, actor: Actor, thread: Thread = SILENCE): Card {
  const { state } = it;
  const late = isOpen(it) && it.overdueAt !== null;
  const label = late ? `${LABELS[state.status]}, overdue` : LABELS[state.status];
  return {
    title: `${called(it)} ${it.title}`,
    tone: late ? 'danger' : TONES[state.status],
    status: label,
    blocks: [
      ...(isOpen(it) ? remindedBlocks(it, actor) : []),
      ...standing(it, actor),
      ...looksBlock(it, actor),
      { kind: 'facts', facts: factsOf(it, actor, late) },
      ...(it.details ? [textOf(it.details)] : []),
      ...optionsBlock(it),
      ...filesBlock(it),
      ...conversation(thread, (at) => momentText(at, actor.timezone)),
    ],
    actions: [
      ...thing.buttons(it, actor),
      ...earlierButton(thing, it.id, thread),
      ...(isFirm(actor) ? [historyButton(it)] : []),
      listButton(it),
    ],
    fallback: `${called(it)} ${it.title} (${label.toLowerCase()}, ${it.projectName})`,
    about: { entity: 'requirement', id: it.id, version: it.version },
  };
}

function textOf(text: string): Block {
  return { kind: 'text', text };
}

/** What became of it, where the reader looks first. */
function standing({ state, firmName, kind }: Requirement, { timezone }: Actor): Block[] {
  const when = (at: Date) => momentText(at, timezone);
  switch (state.status) {
    case 'asked':
      return [];
    case 'provided':
      return [textOf(`Provided by ${state.given.byName}, ${when(state.given.at)}.`), ...answerBlock(state.given, kind)];
    case 'accepted':
      return [
        textOf(`Provided by ${state.given.byName}, accepted by ${state.settled.byName}, ${when(state.settled.at)}.`),
        ...answerBlock(state.given, kind),
      ];
    case 'returned':
      return [
        textOf(`Returned by ${state.settled.byName}, ${when(state.settled.at)}: ${state.reason}`),
        ...answerBlock(state.given, kind),
      ];
    case 'withdrawn':
      return [textOf(`${firmName} does not need it any more, ${when(state.settled.at)}.`)];
  }
}

function answerBlock({ answer }: Given, kind: Requirement['kind']): Block[] {
  if (answer !== null) return [textOf(answer)];
  return kind === 'secret' ? [{ kind: 'text', text: 'It is kept sealed and stands on no card.', subtle: true }] : [];
}

/** The client sees as well that somebody looked. */
function looksBlock({ looked }: Requirement, { timezone }: Actor): Block[] {
  if (!looked) return [];
  const times = looked.times === 1 ? 'once' : `${looked.times} times`;
  const text = `The firm looked at it ${times}, last ${looked.byName}, ${momentText(looked.at, timezone)}.`;
  return [{ kind: 'text', text, subtle: true }];
}

function factsOf(it: Requirement, actor: Actor, late: boolean): { label: string; value: string }[] {
  const facts: [string, string | null][] = [
    ['Project', isFirm(actor) ? `${it.projectName} (${it.clientName})` : it.projectName],
    ['What', KIND_LABELS[it.kind]],
    [late ? 'Overdue since' : 'Needed by', it.dueOn && `${dayText(it.dueOn)}, end of day (${it.timezone})`],
    ['Asked by', it.askedBy],
  ];
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

function optionsBlock({ options, state }: Requirement): Block[] {
  if (!options.length) return [];
  const chosen = 'given' in state ? state.given.answer : null;
  const items = options.map((text) => ({ text, mark: text === chosen ? ('done' as const) : ('open' as const) }));
  return [{ kind: 'list', title: 'Options', items }];
}

function filesBlock({ files, state }: Requirement): Block[] {
  if (!files.length) return [];
  const items = files.map((file, index) => ({
    text: file.name,
    detail: sizeText(file.size),
    button: { kind: 'button' as const, label: 'Get', word: `FILE${index + 1}`, press: fileOf(file) },
  }));
  const waits = state.status === 'provided' ? ', not accepted yet' : '';
  return [{ kind: 'list', title: `Files${waits}`, items }];
}

function fileOf({ id }: ProvidedFile): Button['press'] {
  return { target: 'requirement.file', input: { file: id } };
}

/** One of its files: what it is, and the way to where it is handed out. */
export function fileCard(file: ProvidedFile, it: Requirement, drawing: Drawing): Card {
  const way = wayTo(fileOf(file), { label: 'Get the file', word: 'GET' }, drawing);
  return {
    title: file.name,
    tone: 'neutral',
    blocks: [
      { kind: 'text', text: `Provided for ${called(it)} ${it.title}.` },
      {
        kind: 'facts',
        facts: [
          { label: 'Size', value: sizeText(file.size) },
          { label: 'Type', value: file.type },
        ],
      },
      { kind: 'text', text: 'The page hands it out to be saved. Open only what you expect.', subtle: true },
    ],
    actions: [way, thing.opening(it.id, `Open ${called(it)}`)],
    fallback: `${file.name} (${sizeText(file.size)}), provided for ${called(it)}`,
    about: { entity: 'requirement', id: it.id, version: it.version },
  };
}

function historyButton({ id }: Requirement): Button {
  const press = { target: 'requirement.history', input: { requirement: id } };
  return { kind: 'button', label: 'History', word: 'HISTORY', place: 'more', press };
}

/** What happened to it, for the team. */
export function historyCard(it: Requirement, happened: readonly Happened[], { timezone }: Actor): Card {
  const items = happened.map(({ at, who, text }) => ({ at: momentText(at, timezone), who, text }));
  return {
    title: `History of ${called(it)}`,
    tone: 'neutral',
    blocks: [
      { kind: 'text', text: it.title },
      { kind: 'timeline', items },
    ],
    actions: [thing.opening(it.id, `Open ${called(it)}`)],
    fallback: `What happened to ${called(it)}`,
    about: { entity: 'requirement', id: it.id, version: it.version },
  };
}

function listButton({ projectId }: Requirement): Button {
  const press = { target: 'requirement.list', input: { project: projectId } };
  return { kind: 'button', label: 'All that is needed', word: 'ALL', place: 'more', press };
}
