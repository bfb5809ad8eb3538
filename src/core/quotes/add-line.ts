import { scopesOf } from '../cycles/index.ts';
import type { Context } from '../kernel/context.ts';
import { requireNone } from '../kernel/faults.ts';
import type { Choice } from '../kernel/field.ts';
import { nextLine } from '../kernel/priced-line.ts';
import type { Line } from './content.ts';
import { addLine as decide } from './draft.ts';
import { lineFields, lineOf } from './line-fields.ts';
import { lastValues } from './new-draft.ts';
import { quote, written } from './quote.ts';
import { isDraft, mayDraft } from './rules.ts';
import type { Quote } from './schema.ts';
import { called } from './wording.ts';
import { writeAgain } from './write-again.ts';

/** Adds something to what is offered. */
export const addLine = quote.command({
  name: 'quote.add-line',
  fields: lineFields,
  button: { label: 'Add a line', word: 'LINE' },
  rank: 2,
  form: async (it, context) => ({
    title: `Add a line to ${called(it)}`,
    submit: 'Add line',
    values: { vat: (await lastValues(context)).vat ?? null },
    choices: { cycle: await cyclesToName(context, it) },
  }),
  who: mayDraft,
  when: isDraft,
  handle: async (context, { cycle, ...typed }, it) => {
    const line = lineOf(typed, nextLine(it.content.lines), it.content.currency, await cycleNamed(context, it, cycle));
    return writeAgain(context, it, decide(it, line), written);
  },
});

/** The cycles of the quote's project that can still be agreed on. */
export async function cyclesToName(context: Context, { projectId }: Quote): Promise<Choice[]> {
  const scopes = projectId ? await scopesOf(context, projectId) : [];
  return scopes.filter(({ isOpen }) => isOpen).map(({ id, name }) => ({ value: id, label: name }));
}

/** @throws DomainError invalid, beside the field, for a cycle of another project */
export async function cycleNamed(
  context: Context,
  { projectId }: Quote,
  id: string | undefined,
): Promise<Line['cycle']> {
  if (!id) return null;
  const scope = projectId ? (await scopesOf(context, projectId)).find((one) => one.id === id) : undefined;
  if (!scope) requireNone({ cycle: 'is not a cycle of the quote’s project' });
  return scope ? { id, name: scope.name, hash: scope.hash } : null;
}
