import type { Thread } from '../conversations/index.ts';
import { conversation, earlierButton, SILENCE } from '../conversations/index.ts';
import type { Actor } from '../kernel/actor.ts';
import type { Action, Block, Button, Card, Tone } from '../kernel/card.ts';
import { momentText } from '../kernel/dates.ts';
import { remindedBlocks } from '../kernel/remind-on.ts';
import { isFirm } from '../people/index.ts';
import { deliverable as thing } from './deliverable.ts';
import type { Deliverable, Share, Status } from './schema.ts';
import { lastShare } from './schema.ts';
import { called, LABELS } from './wording.ts';

const TONES: Readonly<Record<Status, Tone>> = {
  planned: 'neutral',
  in_review: 'attention',
  changes_wanted: 'danger',
  approved: 'good',
  withdrawn: 'neutral',
};

/** What is delivered, what was shared of it and what the client said, with the buttons that this actor may press. */
export function deliverableCard(it: Deliverable, actor: Actor, thread: Thread = SILENCE): Card {
  const { state, name, description, projectName } = it;
  return {
    title: `${called(it)} ${name}`,
    tone: TONES[state.status],
    status: LABELS[state.status],
    blocks: [
      ...(state.status === 'in_review' ? remindedBlocks(it, actor) : []),
      ...standing(it, actor),
      { kind: 'facts', facts: factsOf(it, actor) },
      ...(description ? [textOf(description)] : []),
      ...noteBlock(it),
      ...earlierBlock(it, actor),
      ...conversation(thread, (at) => momentText(at, actor.timezone)),
    ],
    actions: [...linkTo(it), ...thing.buttons(it, actor), ...earlierButton(thing, it.id, thread), listButton(it)],
    fallback: `${called(it)} ${name}: ${LABELS[state.status].toLowerCase()} (${projectName})`,
    about: { entity: 'deliverable', id: it.id, version: it.version },
  };
}

function textOf(text: string): Block {
  return { kind: 'text', text };
}

/** Who did what to it last, where the reader looks first. */
function standing(it: Deliverable, { timezone }: Actor): Block[] {
  const { state } = it;
  const last = lastShare(it);
  const when = (at: Date) => momentText(at, timezone);
  switch (state.status) {
    case 'planned':
      return last ? [textOf('It has to be shared anew.')] : [];
    case 'in_review':
      return last ? [textOf(`Shared by ${last.byName}, ${when(last.at)}.`)] : [];
    case 'changes_wanted':
    case 'approved':
      return last?.decision ? [textOf(decisionText(last.decision, when))] : [];
    case 'withdrawn':
      return [textOf(`Taken out by ${state.byName}, ${when(state.at)}.`)];
  }
}

function decisionText(
  { kind, byName, at, reason }: NonNullable<Share['decision']>,
  when: (at: Date) => string,
): string {
  if (kind === 'approved') return `Approved by ${byName}, ${when(at)}.`;
  return `${byName} asked for changes, ${when(at)}: ${reason}`;
}

function factsOf(it: Deliverable, actor: Actor): { label: string; value: string }[] {
  const link = lastShare(it)?.content.link;
  const facts: [string, string | null][] = [
    ['Project', isFirm(actor) ? `${it.projectName} (${it.clientName})` : it.projectName],
    ['Cycle', it.cycleName],
    ['Version', it.shares.length ? String(it.shares.length) : null],
    ['Link', link ?? null],
    ['Scope', it.inScope ? null : 'Beside what both sides signed'],
  ];
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

/** What the team says of what it shared last. */
function noteBlock(it: Deliverable): Block[] {
  const note = lastShare(it)?.content.note;
  return note ? [textOf(note)] : [];
}

/** So many earlier versions fit on every platform; all of them are on record. */
const MOST = 5;

function earlierBlock({ shares }: Deliverable, { timezone }: Actor): Block[] {
  const earlier = shares.slice(0, -1).slice(-MOST);
  if (!earlier.length) return [];
  const items = earlier.map(({ content, byName, at, decision }) => ({
    at: momentText(at, timezone),
    who: byName,
    text: `Version ${content.number}: ${decision ? decisionText(decision, (day) => momentText(day, timezone)) : 'not decided'}`,
  }));
  return [{ kind: 'timeline', title: 'Earlier versions', items }];
}

/** Where the work is: it leads out of Parley. */
function linkTo(it: Deliverable): Action[] {
  const url = lastShare(it)?.content.link;
  return url && it.state.status !== 'withdrawn' ? [{ kind: 'link', label: 'Open the work', url }] : [];
}

function listButton({ cycleId: cycle }: Deliverable): Button {
  const press = { target: 'deliverable.of-cycle', input: { cycle } };
  return { kind: 'button', label: 'All deliverables', word: 'ALL', place: 'more', press };
}
