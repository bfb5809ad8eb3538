import { z } from 'zod';
import { ASSURANCES } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { approve } from './agree.ts';
import { approved, cycle } from './cycle.ts';
import { cycleForUpdate } from './queries.ts';
import { isOpen } from './rules.ts';
import { approvalOf, PARTIES, scopeOf, signedByBoth } from './schema.ts';

/**
 * Notes that somebody signed the scope with another document that names it, like an accepted quote: the hub itself does so, in
 * the name of whoever signed there. It is of the very scope whose hash was signed; another one has to be approved anew.
 */
export const agreeCycle = cycle.command({
  name: 'cycle.agree',
  given: {
    hash: z.string().regex(/^[\w-]{43}$/, 'is not a hash of ours'),
    side: z.enum(PARTIES),
    signer: z.uuid(),
    name: z.string().min(1),
    through: z.string().min(1),
    assurance: z.enum(ASSURANCES),
  },
  version: 'optional',
  button: [],
  who: (actor) => actor.kind === 'system',
  lock: async (context, id, { signer }) => ((await isThere(context, signer)) ? cycleForUpdate(context, id) : null),
  when: (it, _actor, input) =>
    isOpen(it) && (!input || !approvalOf(it, input.side) || 'that side has approved it already'),
  decide: (it, { hash, side, signer, name, through, assurance }, { actor, now }) =>
    approve(it, { hash }, { personId: signer, name, side, channel: through, assurance, timezone: actor.timezone }, now),
  event: (before, after, { side, through, assurance }) =>
    approved.of(before, after, { side, both: signedByBoth(scopeOf(after)), channel: through, assurance }),
  say: (after) => `${scopeOf(after).content.name} is agreed on.`,
});

/** Whoever signed is somebody of this firm or of its clients, though they may have left since. */
async function isThere({ sql, actor }: Context, person: string): Promise<boolean> {
  const rows = await sql<{ id: string }>`select id from person where tenant_id = ${actor.tenantId} and id = ${person}`;
  return rows.length > 0;
}
