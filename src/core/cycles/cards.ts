import { approvalBlocks, isSimple, standingOf } from '../approvals/index.ts';
import type { Thread } from '../conversations/index.ts';
import { conversation, earlierButton, SILENCE } from '../conversations/index.ts';
import type { Actor, Assurance } from '../kernel/actor.ts';
import type { Block, Button, Card, ListItem, Tone } from '../kernel/card.ts';
import { dayText } from '../kernel/dates.ts';
import { remindedBlocks } from '../kernel/remind-on.ts';
import { isFirm } from '../people/index.ts';
import { timeText } from './calendar.ts';
import type { Change } from './content.ts';
import { diffContent } from './content.ts';
import { cycle as thing } from './cycle.ts';
import { isOpen, isOverdue } from './rules.ts';
import type { Approval, Cycle, Party } from './schema.ts';
import {
  approvalOf,
  approvalsOf,
  hasAgreed,
  PARTIES,
  partyName,
  progressOf,
  scopeOf,
  signedByBoth,
  signersOf,
} from './schema.ts';

/** Where a cycle stands and what was said last, as this actor may see it, with the buttons that would work for them. */
export function cycleCard(cycle: Cycle, actor: Actor, thread: Thread = SILENCE): Card {
  const { content } = scopeOf(cycle);
  const status = statusText(cycle);
  return {
    title: content.name,
    tone: toneOf(cycle, actor),
    status,
    blocks: [
      ...(cycle.status === 'in_review' ? remindedBlocks(cycle, actor) : []),
      ...disputeBlocks(cycle, actor),
      factsBlock(cycle, actor),
      ...approversBlocks(cycle, actor),
      ...progressBlock(cycle),
      deliverablesBlock(cycle),
      ...changesBlock(cycle),
      ...conversation(thread, (at) => timeText(at, actor.timezone)),
    ],
    actions: [
      ...thing.buttons(cycle, actor),
      historyButton(cycle),
      deliverablesButton(cycle),
      tasksButton(cycle),
      ...earlierButton(thing, cycle.id, thread),
    ],
    fallback: `${content.name} (${cycle.projectName}): ${status}.`,
    about: { entity: 'cycle', id: cycle.id, version: cycle.version },
  };
}

function historyButton({ id }: Cycle): Button {
  return {
    kind: 'button',
    label: 'History',
    word: 'HISTORY',
    press: { target: 'cycle.history', input: { cycle: id } },
  };
}

function deliverablesButton({ id }: Cycle): Button {
  const press = { target: 'deliverable.of-cycle', input: { cycle: id } };
  return { kind: 'button', label: 'Deliverables', word: 'DELIVERABLES', place: 'more', press };
}

function tasksButton({ id }: Cycle): Button {
  const press = { target: 'task.of-cycle', input: { cycle: id } };
  return { kind: 'button', label: 'Tasks', word: 'TASKS', place: 'more', press };
}

/** The state in a few words: what is missing while approvals are, the status otherwise. */
function statusText(cycle: Cycle): string {
  switch (cycle.status) {
    case 'disputed':
      return 'Disputed';
    case 'completed':
      return 'Completed';
    case 'in_review':
      return isOverdue(cycle) ? 'Review overdue' : 'In review';
    case 'upcoming':
    case 'in_progress':
      return waitingText(cycle) ?? (cycle.status === 'upcoming' ? 'Approved by both' : 'In progress');
  }
}

/** Who approved, for whom, when, through what, and how sure we were that it was them. */
export function approvalText({ byName, ...signature }: Approval, timezone: string): string {
  return `${byName}, ${signatureText(signature, timezone)}`;
}

type Signature = Pick<Approval, 'at' | 'channel' | 'assurance'>;

function signatureText({ at, channel, assurance }: Signature, timezone: string): string {
  return `${timeText(at, timezone)}, ${channelName(channel)}, ${ASSURED[assurance]}`;
}

const ASSURED: Record<Assurance, string> = {
  link: 'by a signed link',
  mail: 'from a verified mail address',
  chat: 'from a linked chat account',
  sso: 'signed in',
};

/** A difference as an item of a list. */
export function changeItem({ mark, text }: Change): ListItem {
  return { mark, text };
}

function waitingText(cycle: Cycle): string | null {
  const missing = PARTIES.filter((side) => !approvalOf(cycle, side));
  const [one, other] = missing;
  if (other) return 'Waiting for both approvals';
  if (!one) return null;
  const count = one === 'client' && !isSimple(cycle.approvers) ? ` (${countText(cycle)})` : '';
  return `Waiting for ${possessive(partyName(cycle, one))} approval${count}`;
}

function toneOf(cycle: Cycle, actor: Actor): Tone {
  const side: Party = isFirm(actor) ? 'firm' : 'client';
  switch (cycle.status) {
    case 'disputed':
      return side === 'firm' ? 'danger' : 'attention';
    case 'completed':
      return 'good';
    case 'in_review':
      return side === 'client' || isOverdue(cycle) ? 'attention' : 'info';
    case 'upcoming':
    case 'in_progress':
      if (!approvalOf(cycle, side)) return 'attention';
      return signedByBoth(scopeOf(cycle)) ? 'good' : 'info';
  }
}

function disputeBlocks(cycle: Cycle, actor: Actor): Block[] {
  if (cycle.status === 'disputed') {
    const { byName, openedAt, reason } = cycle.dispute;
    return [
      { kind: 'text', text: `Disputed by ${byName}, ${timeText(openedAt, actor.timezone)}:` },
      { kind: 'text', text: reason },
    ];
  }
  const last = cycle.resolved.at(-1);
  if (!last) return [];
  const resolved = `Resolved by ${last.resolvedByName}, ${timeText(last.resolvedAt, actor.timezone)}: ${last.resolution}`;
  return [
    { kind: 'text', text: `${last.byName} disputed: ${last.reason}`, subtle: true },
    { kind: 'text', text: resolved },
  ];
}

function factsBlock(cycle: Cycle, actor: Actor): Block {
  const { content, number } = scopeOf(cycle);
  const approvals = PARTIES.map((side) => {
    return { label: `Approved for ${partyName(cycle, side)}`, value: approvedText(cycle, side, actor) };
  });
  return {
    kind: 'facts',
    facts: [
      { label: 'Project', value: isFirm(actor) ? `${cycle.projectName} (${cycle.clientName})` : cycle.projectName },
      { label: 'Dates', value: `${dayText(content.startsOn)} – ${dayText(content.endsOn)}` },
      { label: 'Scope', value: `Version ${number}` },
      ...approvals,
      ...reviewFacts(cycle, actor.timezone),
    ],
  };
}

/** By whom and when; of several, how many: their names stand in a list of their own. */
function approvedText(cycle: Cycle, side: Party, { timezone }: Actor): string {
  const scope = scopeOf(cycle);
  const approvals = approvalsOf(scope, side);
  const approval = approvalOf(cycle, side);
  if (approval && approvals.length === 1) return approvalText(approval, timezone);
  if (approval) return `by ${approvals.length} of them, ${timeText(scope.agreedAt ?? approval.at, timezone)}`;
  return approvals.length ? `by ${countText(cycle)}` : 'not yet';
}

/** "1 of 3": how many have signed of those who must. */
function countText(cycle: Cycle): string {
  const { count, lacking } = standingOf(cycle.approvers, signersOf(cycle));
  return `${count} of ${count + lacking}`;
}

function approversBlocks(cycle: Cycle, actor: Actor): Block[] {
  const scope = scopeOf(cycle);
  const signed = approvalsOf(scope, 'client').map((approval) => {
    const { personId, byName, at, channel, assurance } = approval;
    return { personId, byName, text: signatureText({ at, channel, assurance }, actor.timezone) };
  });
  return approvalBlocks({
    ...{ approvers: cycle.approvers, signed, clientName: cycle.clientName },
    ...{ isTeam: isFirm(actor), isOpen: isOpen(cycle), isAgreed: hasAgreed(scope, 'client') },
  });
}

function reviewFacts(cycle: Cycle, timezone: string): { label: string; value: string }[] {
  switch (cycle.status) {
    case 'upcoming':
    case 'in_progress':
      return [{ label: 'Review opens', value: timeText(cycle.review.opensAt, timezone) }];
    case 'in_review': {
      const closes = timeText(cycle.review.closesAt, timezone);
      return [
        isOverdue(cycle) ? { label: 'Review was due', value: closes } : { label: 'Review closes', value: closes },
      ];
    }
    case 'disputed':
      return [{ label: 'Review', value: 'Stays open until the dispute is resolved' }];
    case 'completed':
      return [{ label: 'Completed', value: timeText(cycle.completedAt, timezone) }];
  }
}

/** How far it is, where its tasks and deliverables say so. */
function progressBlock(cycle: Cycle): Block[] {
  const percent = progressOf(cycle);
  return percent === null ? [] : [{ kind: 'progress', label: 'Done', percent }];
}

function deliverablesBlock(cycle: Cycle): Block {
  const done = cycle.status === 'completed';
  const items = scopeOf(cycle).content.deliverables.map(
    ({ title, detail }): ListItem => ({ text: title, ...(detail ? { detail } : {}), mark: done ? 'done' : 'open' }),
  );
  return { kind: 'list', title: 'Deliverables', items };
}

/** What is new since both last agreed: what somebody is about to approve. */
function changesBlock(cycle: Cycle): Block[] {
  const scope = scopeOf(cycle);
  const agreed = cycle.versions.findLast(signedByBoth);
  if (!agreed || agreed === scope) return [];
  const items = diffContent(agreed.content, scope.content).map(changeItem);
  if (!items.length) return [];
  return [{ kind: 'list', title: `Changes since version ${agreed.number}, which both had approved`, items }];
}

function possessive(name: string): string {
  return /s$/i.test(name) ? `${name}’` : `${name}’s`;
}

function channelName(channel: string): string {
  if (channel === 'email') return 'by mail';
  return channel === 'portal' ? 'in the portal' : `in ${channel.charAt(0).toUpperCase()}${channel.slice(1)}`;
}
