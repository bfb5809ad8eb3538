import { requireNone } from '../kernel/faults.ts';
import { choice, clearable, day, line, otherwise, text } from '../kernel/field.ts';
import { amountText, rateText, readAmount, readRate } from '../kernel/money.ts';
import { ROUNDINGS } from '../kernel/vat.ts';
import type { Deposit } from './content.ts';
import { write } from './draft.ts';
import { quote, written } from './quote.ts';
import { isDraft, mayDraft } from './rules.ts';
import { called } from './wording.ts';
import { writeAgain } from './write-again.ts';

/** What holds for the whole of a draft. */
export const setTerms = quote.command({
  name: 'quote.set-terms',
  fields: {
    title: line({ label: 'Title', most: 120 }),
    expiresOn: day({ label: 'Valid until', hint: 'To the end of that day on the client’s calendar.' }),
    deposit: clearable(
      line({ label: 'Deposit', most: 40, hint: 'Like 30 % or 500.00, tax included. Empty for none.' }),
    ),
    rounding: otherwise(
      'document',
      choice(ROUNDINGS, {
        label: 'Where is tax rounded?',
        labels: { document: 'Once for each rate', line: 'On each line' },
      }),
    ),
    notes: clearable(text({ label: 'Notes', hint: 'The client sees them.' })),
  },
  button: { label: 'Terms', word: 'TERMS' },
  rank: 3,
  form: ({ content: { title, expiresOn, deposit, rounding, notes, currency }, ...it }) => ({
    title: `Terms of ${called(it)}`,
    submit: 'Save terms',
    values: { title, expiresOn, deposit: typedDeposit(deposit, currency), rounding, notes },
  }),
  who: mayDraft,
  when: isDraft,
  handle: async (context, { deposit, notes, ...typed }, it) => {
    const change = {
      ...typed,
      ...(deposit === undefined
        ? {}
        : { deposit: deposit === null ? null : readDeposit(deposit, it.content.currency) }),
      ...(notes === undefined ? {} : { notes }),
    };
    return writeAgain(context, it, write(it, change), written);
  },
});

/** @throws DomainError invalid, beside the field */
function readDeposit(typed: string, currency: string): Deposit {
  const read = typed.endsWith('%') ? readRate(typed) : readAmount(typed, currency);
  if ('fault' in read) requireNone({ deposit: read.fault });
  const value = 'value' in read ? read.value : 0;
  if (value <= 0) requireNone({ deposit: 'is more than 0; leave it empty for none' });
  return typeof value === 'number' ? { kind: 'share', rate: value } : { kind: 'amount', amount: Number(value) };
}

function typedDeposit(deposit: Deposit | null, currency: string): string | null {
  if (!deposit) return null;
  return deposit.kind === 'share' ? rateText(deposit.rate) : amountText({ amount: BigInt(deposit.amount), currency });
}
