import type { Action, Block, ListItem } from '../kernel/card.ts';
import type { Face } from '../kernel/list.ts';
import { deliverable as thing } from './deliverable.ts';
import type { Counts, ListedDeliverable } from './schema.ts';
import { called, LABELS } from './wording.ts';

interface Shown {
  title: string;
  counts: Counts;
  /** What stands there where there is none. */
  empty: string;
  /** Of which it is the list, where that is a cycle. */
  cycle?: string;
  /** The cycle in which the reader may plan one. */
  planIn?: string;
}

/** Deliverables as a list. */
export function deliverablesFace({ title, counts, empty, cycle, planIn }: Shown): Face<ListedDeliverable> {
  const { planned, inReview, changesWanted, approved } = counts;
  const total = planned + inReview + changesWanted + approved;
  return {
    title,
    tone: inReview || changesWanted ? 'attention' : 'neutral',
    status: `${approved} of ${total} approved`,
    lead: [...doneBlock(approved, total), { kind: 'facts', facts: factsOf(counts) }],
    line: (it) => lineOf(it, cycle === undefined),
    empty: planIn ? `${empty} Or plan one beside it.` : empty,
    actions: cycle ? [...planButton(planIn), backButton(cycle)] : [],
    fallback: `${title}: ${approved} of ${total} approved, ${inReview} in review, ${changesWanted} to be changed.`,
  };
}

function doneBlock(approved: number, total: number): Block[] {
  return total ? [{ kind: 'progress', label: 'Approved', percent: Math.floor((100 * approved) / total) }] : [];
}

function factsOf({ planned, inReview, changesWanted }: Counts) {
  return [
    { label: LABELS.planned, value: String(planned) },
    { label: LABELS.in_review, value: String(inReview) },
    { label: LABELS.changes_wanted, value: String(changesWanted) },
  ];
}

function lineOf(it: ListedDeliverable, withCycle: boolean): ListItem {
  const { id, name, status, shares, inScope, cycleName } = it;
  return {
    text: `${called(it)} ${name}`,
    detail: [
      LABELS[status],
      ...(shares ? [`version ${shares}`] : []),
      ...(withCycle ? [cycleName] : []),
      ...(inScope ? [] : ['beside the scope']),
    ].join(' · '),
    mark: status === 'approved' ? 'done' : status === 'withdrawn' ? 'removed' : 'open',
    button: thing.opening(id, 'Open', `OPEN${it.number}`),
  };
}

function planButton(cycle: string | undefined): Action[] {
  if (!cycle) return [];
  const press = { target: 'deliverable.plan', input: { cycle } };
  return [{ kind: 'button', label: 'Plan a deliverable…', word: 'PLAN', press }];
}

function backButton(cycle: string): Action {
  return { kind: 'button', label: 'Show cycle', word: 'SHOW', press: { target: 'cycle.show', input: { cycle } } };
}
