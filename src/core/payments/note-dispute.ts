import { z } from 'zod';
import { disputed as decide } from './decide.ts';
import { toolsName, units } from './given.ts';
import { disputed, payment } from './payment.ts';
import { isTool, isUnpaid } from './rules.ts';
import { called } from './wording.ts';

/** Whoever paid disputes it at their bank, or that has ended: the firm is told. A dispute that has ended does not begin again. */
export const noteDispute = payment.command({
  name: 'payment.note-dispute',
  given: {
    dispute: toolsName,
    amount: units,
    reason: z.string().max(100),
    state: z.enum(['open', 'won', 'lost']),
  },
  version: 'optional',
  button: [],
  who: isTool,
  when: ({ dispute, ...it }, _actor, input) => {
    if (isUnpaid(it)) return 'nothing arrived that could be disputed';
    const isLate =
      dispute && input && dispute.name === input.dispute && (dispute.state !== 'open' || input.state === 'open');
    return !isLate || 'that is known already';
  },
  decide: (it, { dispute: name, amount, reason, state }) => decide(it, { name, amount, reason, state }),
  event: (before, after, { state }) => disputed.of(before, after, { state }),
  say: (it) => `It is noted how the dispute about ${called(it)} stands.`,
});
