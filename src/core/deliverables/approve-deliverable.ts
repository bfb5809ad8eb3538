import { z } from 'zod';
import { SEEN_HASH, seenHash } from './content.ts';
import { approved, deliverable } from './deliverable.ts';
import { approve } from './review.ts';
import { mayDecide, whileStanding } from './rules.ts';
import { byOf, lastShare } from './schema.ts';
import { called } from './wording.ts';

/** The client's approver takes the version that was on the screen, named by its hash. */
export const approveDeliverable = deliverable.command({
  name: 'deliverable.approve',
  given: { hash: z.string().regex(SEEN_HASH, 'is not a hash of ours') },
  // The hash says what is approved, whatever else changed since.
  version: 'optional',
  button: { label: 'Approve', style: 'primary', gives: (it) => ({ hash: seenHash(lastShare(it)?.hash ?? '') }) },
  rank: 1,
  signs: true,
  who: mayDecide,
  // Whoever presses on an old card is told what was shared since, by the decision itself.
  when: whileStanding('in_review'),
  decide: (it, { hash }, { actor, now }) => approve(it, { hash }, byOf(actor), now),
  event: approved,
  say: (after) => `${called(after)} ${after.name} is approved, version ${after.shares.length}. Thank you!`,
});
