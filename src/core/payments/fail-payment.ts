import { z } from 'zod';
import { failed, payment } from './payment.ts';
import { isTool, isUnpaid } from './rules.ts';
import { called } from './wording.ts';

/** No link could be made, or the bank did not pay: who asked and the firm are told. */
export const failPayment = payment.command({
  name: 'payment.fail',
  given: { reason: z.string().min(1).max(300) },
  version: 'optional',
  button: [],
  who: isTool,
  when: (it) => (isUnpaid(it) && it.status !== 'failed') || 'it ended already',
  decide: (it, { reason }) => ({ ...it, status: 'failed' as const, reason }),
  event: (before, after, { reason }) => failed.of(before, after, { reason, tell: after.personId }),
  say: (it) => `It is noted that ${called(it)} failed.`,
});
