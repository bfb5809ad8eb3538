import type { Actor } from '../kernel/actor.ts';
import type { Action, Button } from '../kernel/card.ts';
import { isFirm } from '../people/index.ts';
import type { Cycle, Party } from './cycle.ts';
import { approvalOf, mayApprove, mayNote, mayReply, mayReview, runsCycles, scopeOf, signedByBoth } from './cycle.ts';
import { shown } from './refusal.ts';

/** The buttons that would work for this actor as the cycle stands; asked of the policies that the commands ask. */
export function actionsOf(cycle: Cycle, actor: Actor): Action[] {
  const side: Party = isFirm(actor) ? 'firm' : 'client';
  const open = cycle.status !== 'completed' && cycle.status !== 'disputed';
  const reviews = cycle.status === 'in_review' && mayReview(actor, cycle);
  const runs = runsCycles(actor);
  const signed = signedByBoth(scopeOf(cycle));
  const buttons: [boolean, Button][] = [
    [open && !approvalOf(cycle, side) && mayApprove(actor, cycle), approveButton(cycle)],
    [reviews && signed, versioned(cycle, 'Looks good, complete', 'COMPLETE', 'cycle.complete', 'primary')],
    [reviews, versioned(cycle, 'Dispute…', 'DISPUTE', 'cycle.dispute-form', 'danger')],
    [runs && cycle.status === 'disputed', versioned(cycle, 'Resolve…', 'RESOLVE', 'cycle.resolve-form', 'primary')],
    [runs && cycle.status === 'upcoming' && signed, plain(cycle, 'Start', 'START', 'cycle.start')],
    [runs && cycle.status === 'in_progress', plain(cycle, 'Open review', 'REVIEW', 'cycle.open-review')],
    [runs && cycle.status === 'in_review', plain(cycle, 'Remind client', 'REMIND', 'cycle.remind')],
    [runs && open, versioned(cycle, 'Edit scope…', 'SCOPE', 'cycle.scope-form')],
    [mayReply(actor, cycle), replyButton(cycle)],
    [mayNote(actor, cycle), noteButton(cycle)],
    [true, plain(cycle, 'History', 'HISTORY', 'cycle.history')],
  ];
  return buttons.filter(([works]) => works).map(([, button]) => button);
}

/** Answers in public; the answer stands in the cycle's thread. */
export function replyButton(cycle: Cycle): Button {
  return plain(cycle, 'Reply…', 'REPLY', 'cycle.reply-form');
}

/** Writes for the team alone. */
export function noteButton(cycle: Cycle): Button {
  return plain(cycle, 'Note…', 'NOTE', 'cycle.note-form');
}

function approveButton(cycle: Cycle): Button {
  const press = { target: 'cycle.approve', input: { cycle: cycle.id, hash: scopeOf(cycle).hash } };
  return { kind: 'button', label: 'Approve', word: 'APPROVE', style: 'primary', press };
}

function plain(cycle: Cycle, label: string, word: string, target: string): Button {
  return { kind: 'button', label, word, press: { target, input: shown(cycle).input } };
}

function versioned(cycle: Cycle, label: string, word: string, target: string, style?: 'primary' | 'danger'): Button {
  const press = { target, input: { cycle: cycle.id, version: String(cycle.version) } };
  return { kind: 'button', label, word, press, ...(style ? { style } : {}) };
}
