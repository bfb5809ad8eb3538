import { nameOf } from '../kernel/actor.ts';
import { todayOf } from '../kernel/dates.ts';
import { text } from '../kernel/field.ts';
import { releaseFreed } from './billed-hours.ts';
import { invoice, voided } from './invoice.ts';
import { canVoid, isDraft, mayIssue } from './rules.ts';
import { voided as decide, deductedBy } from './settle.ts';
import { calledOf, numberOf } from './wording.ts';
import { freeDeposits, insertEntry, writeInvoice } from './write.ts';

/** What was never paid is not owed any more. It keeps its number; a draft, which has none, is discarded. */
export const voidInvoice = invoice.command({
  name: 'invoice.void',
  fields: { reason: text({ label: 'Why?', least: 3 }) },
  button: [
    { label: 'Void', style: 'danger', place: 'more', when: (it) => !isDraft(it) },
    { label: 'Discard', style: 'danger', place: 'more', when: isDraft },
  ],
  form: (it) =>
    isDraft(it)
      ? { title: `Discard ${calledOf(it)}`, submit: 'Discard', lead: 'The client never saw it.' }
      : { lead: 'The client sees the reason. It keeps its number, and nothing is due by it any more.' },
  who: mayIssue,
  when: canVoid,
  handle: async (context, { reason }, it) => {
    const { actor, now } = context;
    const after = { ...decide(it, { byName: nameOf(actor), at: now, reason }), version: it.version + 1 };
    await writeInvoice(context, it, after);
    const released = await releaseFreed(context, it, after);
    if (numberOf(it) !== null) {
      await freeDeposits(context, deductedBy(it.content), it.id);
      await insertEntry(context, after, {
        kind: 'void',
        day: todayOf(now, it.firmTimezone),
        amount: -it.gross,
        note: reason,
      });
    }
    return {
      events: [voided.of(it, after, { reason }), ...released],
      after,
      say: isDraft(it) ? `${calledOf(it)} is discarded.` : `${calledOf(it)} is void. ${it.clientName} sees the reason.`,
    };
  },
});
