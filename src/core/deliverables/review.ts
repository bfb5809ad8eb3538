import { DomainError } from '../kernel/errors.ts';
import type { Content } from './content.ts';
import { contentHash, diffContent, isSeen } from './content.ts';
import type { By, Decision, Deliverable, Share } from './schema.ts';
import { lastShare } from './schema.ts';
import { called, refusal, shown, standingText } from './wording.ts';

/*
 * Sharing and deciding, as pure decisions: the deliverable as it is and what somebody wants → as it becomes, or a DomainError. The
 * version is counted by whoever writes. They promise, whoever asks in whatever order:
 *  - what was shared is never changed: whoever shares anew makes the next version;
 *  - a decision is about exactly the version whose hash it carries, and there is one for each version at most;
 *  - what is approved is what was shared last, as it is agreed on: another description or version takes the approval off it, and
 *    leaves it under the version that it is of;
 *  - once the cycle is completed nothing is decided any more.
 */

/** The team shows what it made. What was shared before stays on record, with what was said of it. */
export function share(it: Deliverable, wish: Pick<Content, 'link' | 'note'>, by: By, now: Date): Deliverable {
  requireOpen(it);
  if (it.state.status === 'withdrawn') throw refusal(it, standingText(it));
  if (wish.link === null && wish.note === null) {
    const fault = 'is needed, or a note that says what was made';
    throw new DomainError('invalid', `Please check: link: ${fault}`, { fields: { link: fault } });
  }
  const personId = personOf(by);
  const { name, description } = it;
  const content = { number: it.shares.length + 1, name, description, ...wish };
  const next: Share = { content, hash: contentHash(content), personId, byName: by.name, at: now, decision: null };
  return { ...it, state: { status: 'in_review' }, shares: [...it.shares, next], remindedAt: null };
}

/** The client takes the version that was on the screen, named by its hash. */
export function approve(it: Deliverable, wish: { hash: string }, by: By, now: Date): Deliverable {
  return decide(it, wish.hash, { kind: 'approved', reason: null }, by, now);
}

/** The client sends back what was shared last, and says what is to be changed. */
export function askForChanges(it: Deliverable, { reason }: { reason: string }, by: By, now: Date): Deliverable {
  return decide(it, lastShare(it)?.hash ?? '', { kind: 'changes_wanted', reason }, by, now);
}

function decide(
  it: Deliverable,
  seen: string,
  said: Pick<Decision, 'kind' | 'reason'>,
  by: By,
  now: Date,
): Deliverable {
  const last = lastShare(it);
  if (!last || !isSeen(last.hash, seen)) throw old(it, seen);
  requireOpen(it);
  if (it.state.status !== 'in_review') throw refusal(it, standingText(it));
  const { name: byName, channel, assurance } = by;
  const decision: Decision = { ...said, hash: last.hash, personId: personOf(by), byName, channel, assurance, at: now };
  return { ...it, state: { status: said.kind }, shares: [...it.shares.slice(0, -1), { ...last, decision }] };
}

/** The press is of another version than the one that stands. */
function old(it: Deliverable, seen: string): DomainError {
  const [before, last] = [it.shares.findLast(({ hash }) => isSeen(hash, seen)), lastShare(it)];
  const changes = before && last ? diffContent(before.content, last.content) : [standingText(it)];
  return new DomainError('stale', `This is not what stands of ${called(it)} now. Nothing was decided.`, {
    changes,
    show: shown(it),
  });
}

/** It is not delivered after all. What was shared and said stays on record. */
export function withdraw(it: Deliverable, by: Pick<By, 'name'>, now: Date): Deliverable {
  requireOpen(it);
  if (it.state.status === 'withdrawn') throw refusal(it, standingText(it));
  return { ...it, state: { status: 'withdrawn', byName: by.name, at: now } };
}

/** It is delivered all the same: it has to be shared anew, whatever was shared before. */
export function reopen(it: Deliverable): Deliverable {
  requireOpen(it);
  if (it.state.status !== 'withdrawn') throw refusal(it, standingText(it));
  return { ...it, state: { status: 'planned' } };
}

/**
 * The scope that both sides signed says so of it. Where that is what was shared, it stands as it stood; else it has to be shared anew.
 * What somebody took out by hand stays out, until somebody reopens it.
 */
export function agreeOn(it: Deliverable, description: string | null): Deliverable {
  const isBack = it.state.status === 'withdrawn' && !it.inScope;
  const isSame = description === it.description;
  const stays = it.state.status === 'withdrawn' ? !isBack : isSame;
  return { ...it, inScope: true, description, state: stays ? it.state : { status: 'planned' } };
}

/** The scope that both sides signed does not name it any more. What the client approved stays approved. */
export function leaveOut(it: Deliverable, by: Pick<By, 'name'>, now: Date): Deliverable {
  const stays = it.state.status === 'approved' || it.state.status === 'withdrawn';
  return { ...it, inScope: false, state: stays ? it.state : { status: 'withdrawn', byName: by.name, at: now } };
}

function requireOpen(it: Deliverable): void {
  if (it.closed) throw refusal(it, `${it.cycleName} is completed: nothing of it is decided any more.`);
}

function personOf({ personId }: By): string {
  if (!personId) throw new DomainError('forbidden', 'Only a person may do this.');
  return personId;
}
