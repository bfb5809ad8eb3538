import { z } from 'zod';
import { standingOf, turnCameTo } from '../approvals/index.ts';
import { approve } from './agree.ts';
import { approved, cycle, turnCame } from './cycle.ts';
import { missing } from './refusal.ts';
import { lacksApprovalOf, mayApprove, personBy } from './rules.ts';
import type { Cycle } from './schema.ts';
import { hasAgreed, partyName, scopeOf, signedByBoth, signersOf } from './schema.ts';

/** Signs the scope whose hash was on the screen: for the firm when staff press, for the client when an approver does whose turn it is. */
export const approveCycle = cycle.command({
  name: 'cycle.approve',
  given: { hash: z.string().regex(/^[\w-]{43}$/, 'is not a hash of ours') },
  // The hash says what is signed, whatever else changed since.
  version: 'optional',
  button: { label: 'Approve', style: 'primary', gives: (it) => ({ hash: scopeOf(it).hash }) },
  rank: 1,
  signs: true,
  who: mayApprove,
  when: lacksApprovalOf,
  decide: (it, { hash }, { actor, now }) => approve(it, { hash }, personBy(actor, 'approve'), now),
  event: (before, after) => {
    const { side, channel, assurance } = signatureOf(after);
    const both = signedByBoth(scopeOf(after));
    const people = turnCameTo(standing(before), standing(after));
    return [
      approved.of(before, after, { side, both, channel, assurance }),
      ...(people.length ? [turnCame.of(before, after, { people })] : []),
    ];
  },
  say: (after) => {
    const scope = scopeOf(after);
    const { side } = signatureOf(after);
    const signed = hasAgreed(scope, side)
      ? `${scope.content.name} is approved for ${partyName(after, side)}.`
      : `Your approval of ${scope.content.name} is recorded.`;
    return `${signed} ${signedByBoth(scope) ? 'Both sides have approved.' : missing(after)}`;
  },
});

function standing(cycle: Cycle) {
  return standingOf(cycle.approvers, signersOf(cycle));
}

/** What was just signed. */
function signatureOf(after: Cycle) {
  const signature = scopeOf(after).approvals.at(-1);
  if (!signature) throw new Error('an approval leaves a signature');
  return signature;
}
