import { DomainError } from '../kernel/errors.ts';
import { isOpen, isOver, isProvided } from './rules.ts';
import type { By, Requirement, Settled } from './schema.ts';
import { givenBy } from './schema.ts';
import { refusal } from './wording.ts';

/*
 * What becomes of a requirement, whatever it was before: pure. The version is counted by whoever writes.
 */

/** The client provided it. @param answer the words or the option; null for what is kept sealed */
export function provide(it: Requirement, answer: string | null, by: By, now: Date): Requirement {
  requireThat(isOpen(it), it, 'is not waited for now');
  return { ...it, round: it.round + 1, state: { status: 'provided', given: givenBy(by, answer, now) } };
}

/** The client chose one of the options, by its place among them: the first is 1. */
export function decideFor(it: Requirement, place: string, by: By, now: Date): Requirement {
  requireThat(isOpen(it), it, 'is not waited for now');
  const option = it.options[Number(place) - 1];
  if (option === undefined) {
    const say = `is none of the ${it.options.length} options`;
    throw new DomainError('invalid', `Please check: option: ${say}`, { fields: { option: say } });
  }
  return provide(it, option, by, now);
}

export function accept(it: Requirement, by: By, now: Date): Requirement {
  return { ...it, state: { status: 'accepted', given: givenOf(it), settled: settledBy(by, now) } };
}

/** It will not do; the client can provide it again. */
export function giveBack(it: Requirement, reason: string, by: By, now: Date): Requirement {
  return { ...it, state: { status: 'returned', given: givenOf(it), settled: settledBy(by, now), reason } };
}

/** The firm does not need it any more. */
export function withdraw(it: Requirement, by: By, now: Date): Requirement {
  requireThat(!isOver(it), it, 'is over');
  return { ...it, state: { status: 'withdrawn', settled: settledBy(by, now) } };
}

/** What can be said anew of it. */
export type Change = Partial<Pick<Requirement, 'title' | 'details' | 'options' | 'dueOn'>>;

/** Another day is another deadline: whether it is over is asked anew. */
export function change(it: Requirement, to: Change): Requirement {
  requireThat(isOpen(it), it, 'cannot be asked anew now');
  const after = { ...it, ...to };
  return after.dueOn === it.dueOn ? after : { ...after, overdueAt: null };
}

function givenOf(it: Requirement) {
  requireThat(isProvided(it), it, 'was not provided');
  if (it.state.status !== 'provided') throw new Error('what is provided was asked before');
  return it.state.given;
}

function settledBy({ name }: By, at: Date): Settled {
  return { byName: name, at };
}

function requireThat(possible: boolean, it: Requirement, why: string): void {
  if (!possible) throw refusal(it, why);
}
