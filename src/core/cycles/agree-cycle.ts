import { z } from 'zod';
import { ASSURANCES, isSystem } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { agreeThrough, approve } from './agree.ts';
import { approved, cycle } from './cycle.ts';
import { cycleForUpdate } from './queries.ts';
import { isOpen } from './rules.ts';
import { approvalOf, PARTIES, scopeOf, signedByBoth } from './schema.ts';

/** Others who signed for the same party before. */
const Signer = z.strictObject({
  signer: z.uuid(),
  name: z.string().min(1),
  through: z.string().min(1),
  assurance: z.enum(ASSURANCES),
});

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
    before: z.array(Signer).max(100).optional(),
  },
  version: 'optional',
  button: [],
  who: isSystem,
  lock: async (context, id, { signer, before = [] }) =>
    (await areThere(context, [signer, ...before.map((one) => one.signer)])) ? cycleForUpdate(context, id) : null,
  when: (it, _actor, input) =>
    isOpen(it) && (!input || !approvalOf(it, input.side) || 'that side has approved it already'),
  decide: (it, { hash, side, before = [], signer, name, through, assurance }, { actor, now }) => {
    const signers = [...before, { signer, name, through, assurance }].map((one) => ({
      ...{ personId: one.signer, name: one.name, side, channel: one.through, assurance: one.assurance },
      timezone: actor.timezone,
    }));
    // How many of the client must sign was asked where they did.
    if (side === 'client') return agreeThrough(it, { hash }, signers, now);
    const [by] = signers.slice(-1);
    if (!by) throw new Error('somebody signed');
    return approve(it, { hash }, by, now);
  },
  event: (before, after, { side, through, assurance }) =>
    approved.of(before, after, { side, both: signedByBoth(scopeOf(after)), channel: through, assurance }),
  say: (after) => `${scopeOf(after).content.name} is agreed on.`,
});

/** Whoever signed is somebody of this firm or of its clients, though they may have left since. */
async function areThere({ sql, actor }: Context, people: readonly string[]): Promise<boolean> {
  const rows = await sql`select from person where tenant_id = ${actor.tenantId} and id = any(${people}::uuid[])`;
  return rows.length === new Set(people).size;
}
