import { todayOf } from '../kernel/dates.ts';
import { text } from '../kernel/field.ts';
import { releaseFreed } from './billed-hours.ts';
import { credited, invoice, issued, paid } from './invoice.ts';
import { keepParties } from './parties.ts';
import { amountField, readPayment } from './payment-fields.ts';
import { leftToCredit } from './queries.ts';
import { canCredit, dueOf, isOpen, isOwedBack, mayIssue } from './rules.ts';
import type { Invoice } from './schema.ts';
import { creditNote, credit as decide, deductedBy } from './settle.ts';
import { calledOf, money, shown } from './wording.ts';
import { freeDeposits, insertEntry, insertInvoice, nextSeq, takeNumber, writeInvoice } from './write.ts';

/** Corrects what was issued: a credit note of its own takes back a part, or all that is left, with its tax. */
export const creditInvoice = invoice.command({
  name: 'invoice.credit',
  fields: { amount: amountField, reason: text({ label: 'Why?', least: 3, hint: 'The client sees this.' }) },
  button: { label: 'Credit', place: 'more' },
  // No amount is proposed: a word in a mail would credit all of it at once, and that is for good.
  form: (it) => ({
    lead: `${money(it.gross - it.credited, it.content.currency)} of it can be credited, tax included.`,
  }),
  who: mayIssue,
  when: canCredit,
  handle: async (context, { amount: typed, reason }, it) => {
    const { now, newId } = context;
    const day = todayOf(now, it.firmTimezone);
    const amount = readPayment({ amount: typed }, it, day);
    const after = { ...decide(it, amount), version: it.version + 1 };
    const left = await leftToCredit(context, it.id);
    const [id, seq] = [newId(), await nextSeq(context)];
    const note = creditNote(it, { amount, reason, left }, { id, seq, issued: await takeNumber(context, day) });
    await insertInvoice(context, note);
    await keepParties(context, note);
    await writeInvoice(context, it, after);
    await insertEntry(context, after, { kind: 'credit', day, amount: -amount, note: reason, creditId: id });
    // What is not billed any more may be billed anew, and takes the deposit off again then.
    if (after.state.status === 'credited') await freeDeposits(context, deductedBy(it.content), it.id);
    const released = await releaseFreed(context, it, after);
    return {
      events: [
        credited.of(it, after, { amount, note: id, reason }),
        issued.of(null, note),
        ...(isOpen(it) && after.state.status === 'paid' ? [paid.of(it, after)] : []),
        ...released,
      ],
      after,
      say: `${money(amount, it.content.currency)} of ${calledOf(it)} are credited by ${calledOf(note)}.${owedText(after)}`,
      next: { kind: 'button', label: `Open ${calledOf(note)}`, word: 'OPEN', press: shown(note) },
    };
  },
});

function owedText(after: Invoice): string {
  return isOwedBack(after) ? ` ${money(-dueOf(after), after.content.currency)} is to be paid back.` : '';
}
