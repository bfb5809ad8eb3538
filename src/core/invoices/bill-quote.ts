import { z } from 'zod';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { choice, chosen } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { apportion } from '../kernel/vat.ts';
import type { Agreed } from '../quotes/index.ts';
import { agreedChoices, agreedForUpdate } from '../quotes/index.ts';
import type { Line } from './content.ts';
import { agreedLines, plainLine, sumsOf, without } from './content.ts';
import { drafted, invoice } from './invoice.ts';
import { storeDraft } from './new-draft.ts';
import { billedOf, openDeposit } from './queries.ts';
import { mayBill } from './rules.ts';
import type { Part } from './schema.ts';
import { PARTS } from './schema.ts';
import { calledOf } from './wording.ts';

const LABELS: Readonly<Record<Part, string>> = {
  deposit: 'The deposit',
  acceptance: 'What is billed on acceptance',
  completion: 'What is billed on completion',
  once: 'All that is billed once',
};

const fields = {
  quote: chosen({ label: 'Quote', none: 'No quote is accepted that could be billed.' }),
  what: choice(PARTS, { label: 'What do you bill?', labels: LABELS }),
};

/**
 * Drafts an invoice of what a client agreed to pay by a quote. The deposit is drafted by itself when the quote is accepted, with the
 * tax of what the quote bills once; what is billed last takes it off with its tax.
 */
export const billQuote = command({
  name: 'invoice.bill-quote',
  module: 'billing',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Bill a quote',
    submit: 'Draft invoice',
    fields,
    who: mayBill,
    ask: async (context, { quote = null }) => ({
      values: { quote },
      choices: { quote: await agreedChoices(context, quote) },
    }),
  }),
  load: (context, { quote }) => agreedForUpdate(context, quote),
  policy: (actor) => mayBill(actor),
  handle: async (context, { what }, agreed) => {
    await requireUnbilled(context, agreed, what);
    const { title, currency, rounding, quoteId } = agreed;
    const isDeposit = what === 'deposit';
    const { lines, left } = isDeposit ? depositLines(agreed) : await linesOf(context, agreed, what);
    const content = { title, currency, rounding, lines };
    const kind = isDeposit ? 'deposit' : 'invoice';
    const made = await storeDraft(context, agreed, { kind, quoteId, part: what }, content);
    const say = `${calledOf(made)} bills ${agreed.called}. ${made.clientName} sees it once you issue it.${left}`;
    return { events: [drafted.of(null, made)], output: invoice.done(made, say) };
  },
  reply: (output) => doneCard(invoice, output),
});

/** @throws DomainError conflict where it was billed before */
async function requireUnbilled(context: Context, agreed: Agreed, what: Part): Promise<void> {
  const before = await billedOf(context, agreed.quoteId);
  const same = before.find(({ part }) => excluded(agreed, what).includes(part));
  if (same) {
    const cure = same.isDraft ? 'Discard' : 'Void or credit';
    throw refusal(agreed, `${same.called} bills this of ${agreed.called} already. ${cure} that one first.`);
  }
  const deposit = before.find(({ part, isDraft }) => part === 'deposit' && isDraft);
  if (deposit && isLast(agreed, what))
    throw refusal(agreed, `${deposit.called} asks for the deposit of ${agreed.called}. Issue it first, or discard it.`);
}

/** What may not be billed before: the same, and for the deposit that from which it would have been taken off. */
function excluded(agreed: Agreed, what: Part): readonly Part[] {
  return what === 'deposit' ? ['deposit', ...PARTS.filter((part) => isLast(agreed, part))] : SAME[what];
}

const SAME: Readonly<Record<Exclude<Part, 'deposit'>, readonly Part[]>> = {
  acceptance: ['acceptance', 'once'],
  completion: ['completion', 'once'],
  once: ['acceptance', 'completion', 'once'],
};

/** Is nothing billed after that? The deposit is taken off what is billed last. */
function isLast(agreed: Agreed, what: Part): boolean {
  if (what === 'deposit') return false;
  return what !== 'acceptance' || !agreed.lines.some(({ billed }) => billed === 'completion');
}

interface Billed {
  lines: Line[];
  /** What is said of a deposit that could not be taken off. */
  left: string;
}

/** What is to be paid before the work begins. */
function depositLines(agreed: Agreed): Billed {
  const { deposit, shares, called, title } = agreed;
  if (deposit <= 0n) throw refusal(agreed, `No deposit was agreed on with ${called}.`);
  const parts = apportion(deposit, shares).filter(({ net, tax }) => net !== 0n || tax !== 0n);
  return { lines: agreedLines(parts, 1, { text: `Deposit for ${called} ${title}` }), left: '' };
}

/** What was agreed on, and the deposit that is taken off. */
async function linesOf(context: Context, agreed: Agreed, what: Part): Promise<Billed> {
  const wanted = agreed.lines.filter(({ billed }) => isWanted(billed, what));
  if (!wanted.length) throw refusal(agreed, `Nothing of ${agreed.called} is like that: ${LABELS[what].toLowerCase()}.`);
  const plain = wanted.map(({ text, quantity, unitPrice, vat }, index) =>
    plainLine({ number: index + 1, text, quantity, unitPrice, vat }),
  );
  const deposit = isLast(agreed, what) ? await openDeposit(context, agreed.quoteId) : null;
  if (!deposit) return { lines: plain, left: '' };
  const text = `Deposit, billed by ${deposit.number}`;
  const off = agreedLines(without([], deposit.left), plain.length + 1, { text, deducts: deposit.id });
  const lines = [...plain, ...off];
  // No invoice comes to less than nothing.
  const isTooMuch = sumsOf({ lines, rounding: agreed.rounding }).gross < 0n;
  if (!isTooMuch) return { lines, left: '' };
  const left = ` The deposit of ${deposit.number} is more than this, and not taken off`;
  return { lines: plain, left: `${left}: credit it, so that nobody pays it twice.` };
}

function isWanted(billed: Agreed['lines'][number]['billed'], what: Part): boolean {
  return what === 'once' ? billed === 'acceptance' || billed === 'completion' : billed === what;
}

function refusal({ quoteId }: Agreed, say: string): DomainError {
  return new DomainError('conflict', say, { show: { target: 'quote.show', input: { quote: quoteId } } });
}
