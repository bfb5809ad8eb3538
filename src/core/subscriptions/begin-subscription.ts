import { z } from 'zod';
import { mayBill } from '../invoices/index.ts';
import { command } from '../kernel/command.ts';
import { daysAfter, dayText, todayOf } from '../kernel/dates.ts';
import { DomainError } from '../kernel/errors.ts';
import { requireNone } from '../kernel/faults.ts';
import { choice, chosen, day, optional } from '../kernel/field.ts';
import { formFor } from '../kernel/form.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import type { Agreed } from '../quotes/index.ts';
import { agreedChoices, agreedForUpdate } from '../quotes/index.ts';
import { insertSubscription } from './queries.ts';
import type { Every, Subscription } from './schema.ts';
import { EVERY } from './schema.ts';
import { begun, subscription } from './subscription.ts';
import { calledOf, EVERY_SAYS } from './wording.ts';

/** As far ahead as anybody agrees on: about five years. */
const MOST_DAYS = 5 * 366;

const fields = {
  quote: chosen({ label: 'Quote', none: 'No quote is accepted that could be billed.' }),
  every: choice(EVERY, {
    label: 'Which lines?',
    labels: { monthly: 'Those of every month', quarterly: 'Those of every quarter', yearly: 'Those of every year' },
  }),
  from: optional(day({ label: 'First day', hint: 'Empty for the day on which the quote was accepted.' })),
};

/**
 * From now on what a client agreed to pay again and again is billed as each period begins. It follows from the acceptance by itself;
 * people begin what was accepted before there were subscriptions, or what begins on another day.
 */
export const beginSubscription = command({
  name: 'subscription.begin',
  module: 'billing',
  input: z.strictObject(fields),
  form: formFor({
    title: 'Bill a quote again and again',
    submit: 'Begin',
    fields,
    who: mayBill,
    ask: async (context, { quote = null }) => ({
      values: { quote },
      choices: { quote: await agreedChoices(context, quote) },
    }),
  }),
  load: (context, { quote }) => agreedForUpdate(context, quote),
  policy: (actor) => mayBill(actor),
  handle: async (context, { every, from }, agreed) => {
    const made = { ...madeOf(agreed, every, startOf(agreed, from)), id: context.newId(), createdAt: context.now };
    if (!(await insertSubscription(context, made)))
      throw refusal(agreed, `What ${agreed.called} bills ${EVERY_SAYS[every]} was begun already.`);
    const say = `${calledOf(made)} is billed from ${dayText(made.startsOn)} on. Each invoice is a draft until you issue it.`;
    return { events: [begun.of(null, made)], output: subscription.done(made, say) };
  },
  reply: (output) => doneCard(subscription, output),
});

function madeOf(agreed: Agreed, every: Every, startsOn: string): Omit<Subscription, 'id' | 'createdAt'> {
  const lines = agreed.lines.filter((line) => line.billed === every);
  if (!lines.length) throw refusal(agreed, `Nothing of ${agreed.called} is billed ${EVERY_SAYS[every]}.`);
  const { clientId, clientName, firmName, projectId, projectName, timezone, quoteId, called, title } = agreed;
  return {
    ...{ version: 1, clientId, clientName, firmName, projectId, projectName, timezone, quoteId, called, title },
    ...{ every, startsOn, billed: 0, state: { status: 'running' } },
    content: {
      ...{ currency: agreed.currency, rounding: agreed.rounding },
      lines: lines.map(({ text, quantity, unitPrice, vat }, index) => ({
        ...{ number: index + 1, text, quantity, unitPrice, vat },
      })),
    },
  };
}

/** @throws DomainError invalid, beside the field, for a day before it was agreed on, or one that is too far ahead */
function startOf({ acceptedAt, timezone }: Agreed, from: string | undefined): string {
  const accepted = todayOf(acceptedAt, timezone);
  if (from === undefined) return accepted;
  if (from < accepted) requireNone({ from: `is before it was accepted, on ${dayText(accepted)}` });
  if (from > daysAfter(accepted, MOST_DAYS)) requireNone({ from: 'is more than five years after it was accepted' });
  return from;
}

function refusal({ quoteId }: Agreed, say: string): DomainError {
  return new DomainError('conflict', say, { show: { target: 'quote.show', input: { quote: quoteId } } });
}
