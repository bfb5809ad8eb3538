import { todayOf } from '../kernel/dates.ts';
import { invoice, issued, paid } from './invoice.ts';
import { keepParties } from './parties.ts';
import { depositsForUpdate } from './queries.ts';
import { isDraft, isOpen, mayIssue } from './rules.ts';
import { issue as decide, deductedBy, requireIssuable } from './settle.ts';
import { calledOf, dueText } from './wording.ts';
import { insertEntry, takeDeposits, takeNumber, writeInvoice } from './write.ts';

/** Gives a draft its number and the client its invoice. From now on nobody changes it. */
export const issueInvoice = invoice.command({
  name: 'invoice.issue',
  button: { label: 'Issue', style: 'primary' },
  rank: 1,
  who: mayIssue,
  when: isDraft,
  handle: async (context, _input, it) => {
    const on = todayOf(context.now, it.firmTimezone);
    const deductions = deductedBy(it.content);
    const deposits = await depositsForUpdate(context, deductions);
    requireIssuable(it, on, deposits);
    await keepParties(context, it);
    const number = await takeNumber(context, on);
    const after = { ...decide(it, number, deposits), version: it.version + 1 };
    await writeInvoice(context, it, after);
    await takeDeposits(context, deductions, after.id);
    await insertEntry(context, after, { kind: 'issued', day: on, amount: after.gross });
    const due = isOpen(after) ? dueText(after) : 'nothing is due';
    return {
      events: [issued.of(it, after), ...(isOpen(after) ? [] : [paid.of(it, after)])],
      after,
      say: `${it.content.title} is issued as ${calledOf(after)}: ${due}.`,
    };
  },
});
