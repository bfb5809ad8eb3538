import { payment, processing } from './payment.ts';
import { isTool, isUnpaid } from './rules.ts';
import { called } from './wording.ts';

/** Somebody paid from a bank, which takes its days: nothing has arrived yet. */
export const noteProcessing = payment.command({
  name: 'payment.note-processing',
  version: 'optional',
  button: [],
  who: isTool,
  when: (it) => (isUnpaid(it) && it.status !== 'processing' && it.status !== 'failed') || 'that is known already',
  decide: (it) => ({ ...it, status: 'processing' as const }),
  event: processing,
  say: (it) => `The bank is at work on ${called(it)}.`,
});
