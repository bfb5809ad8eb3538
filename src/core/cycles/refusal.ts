import { isSimple, standingOf, stillText } from '../approvals/index.ts';
import type { Press } from '../kernel/card.ts';
import { DomainError } from '../kernel/errors.ts';
import { changesSince } from './history.ts';
import type { Cycle, Party } from './schema.ts';
import { hasAgreed, PARTIES, partyName, scopeOf, signersOf } from './schema.ts';

/** Refuses what was decided on an older state of the cycle: @throws DomainError stale, with what changed since. */
export function requireVersion(cycle: Cycle, version: number, nothing: string): void {
  if (version === cycle.version) return;
  throw new DomainError('stale', `This cycle changed since you were shown it. ${nothing}`, {
    changes: changesSince(cycle, version),
    show: shown(cycle),
  });
}

/** Who has not approved the present scope yet, in a sentence. */
export function missing(cycle: Cycle): string {
  const scope = scopeOf(cycle);
  const names = PARTIES.filter((side) => !hasAgreed(scope, side)).map((side) => missingOf(cycle, side));
  return `Still to approve: ${names.join(' and ')}.`;
}

function missingOf(cycle: Cycle, side: Party): string {
  const name = partyName(cycle, side);
  if (side === 'firm' || isSimple(cycle.approvers)) return name;
  return `${name} (${stillText(standingOf(cycle.approvers, signersOf(cycle)))})`;
}

/** A refusal because of where the cycle stands; answered together with its card. */
export function refusal(cycle: Cycle, say: string): DomainError {
  return new DomainError('conflict', say, { show: shown(cycle) });
}

/** The press that shows the cycle as it is. */
export function shown(cycle: Pick<Cycle, 'id'>): Press {
  return { target: 'cycle.show', input: { cycle: cycle.id } };
}
