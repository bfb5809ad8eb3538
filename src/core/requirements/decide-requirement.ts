import { z } from 'zod';
import { decideFor } from './decisions.ts';
import { provided, requirement } from './requirement.ts';
import { canProvide, mayProvide } from './rules.ts';
import type { Requirement } from './schema.ts';
import { byOf } from './schema.ts';
import { called } from './wording.ts';

/** Its place among the options, the first being 1: they are words of any length, and a press holds few. */
const option = z
  .string('is needed')
  .regex(/^[1-9]\d?$/, 'choose one of the options')
  .meta({ label: 'Your decision', choices: [] });

/** The client chooses one of what the firm offered. */
export const decideRequirement = requirement.command({
  name: 'requirement.decide',
  fields: { option },
  button: { label: 'Decide', style: 'primary' },
  rank: 1,
  signs: true,
  form: (it) => ({
    title: it.title,
    lead: it.details ?? '',
    submit: 'Decide',
    choices: { option: it.options.map((label, index) => ({ value: String(index + 1), label })) },
  }),
  who: mayProvide,
  when: canProvide('decision'),
  decide: (it, { option }, { actor, now }) => decideFor(it, option, byOf(actor), now),
  event: (before, after) => provided.of(before, after, { round: after.round }),
  say: (after) => `${called(after)} is decided${wordsOf(after)}; ${after.firmName} is told.`,
});

function wordsOf({ state }: Requirement): string {
  return state.status === 'provided' ? `: ${state.given.answer}` : '';
}
