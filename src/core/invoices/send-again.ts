import { invoice, sentAgain } from './invoice.ts';
import { isIssued, mayIssue } from './rules.ts';
import { calledOf } from './wording.ts';

/** Brings an invoice to the client once more. It changes nothing about it, not even its version. */
export const sendAgain = invoice.command({
  name: 'invoice.send-again',
  version: 'optional',
  button: { label: 'Send again', word: 'AGAIN', place: 'more' },
  rank: 4,
  who: mayIssue,
  when: isIssued,
  handle: async (_context, _input, it) => ({
    events: [sentAgain.of(it, it)],
    after: it,
    say: `${calledOf(it)} is sent to ${it.clientName} again.`,
  }),
});
