import type { ZodType } from 'zod';
import type { About, Card, Press } from './card.ts';
import type { Context } from './context.ts';
import type { Asking, Fields } from './field.ts';
import { fieldsOf, isNeeded, nothingToChoose } from './field.ts';

/** How a command asks a person for what it needs to know. */
export interface CommandForm {
  fields: Fields;
  /** What of a press opens it: which thing it is about, in which version; what else a press holds is a proposal for a field. */
  opens: ZodType;
  /** What it is opened for is a proposal among others (a project to choose): it is read as all that the actor sees. */
  wide?: boolean;
  /** Draws it, by the rules of the command itself: nobody types for nothing. */
  draw(context: Context, opened: unknown, press: Press): Promise<Card>;
}

/** The card of a form. Its press holds what was pressed, but for what the fields now ask. */
export function formCard(
  { target, input }: Press,
  form: { title: string; submit: string; summary?: string | undefined; about: About },
  fields: Fields,
  asking: Asking,
): Card {
  const title = asking.title ?? form.title;
  const carried = Object.fromEntries(Object.entries(input).filter(([name]) => !Object.hasOwn(fields, name)));
  const none = nothingToChoose(fields, asking);
  const summary = form.summary ? [{ kind: 'text' as const, text: form.summary, subtle: true }] : [];
  return {
    title,
    tone: 'info',
    blocks: none
      ? [{ kind: 'text', text: none }]
      : [
          ...summary,
          ...(asking.lead ? [{ kind: 'text' as const, text: asking.lead }] : []),
          {
            kind: 'form',
            submit: { label: asking.submit ?? form.submit, press: { target, input: carried } },
            fields: fieldsOf(fields, asking, input),
          },
        ],
    actions: [],
    fallback: form.summary ? `${title}: ${form.summary}` : title,
    about: form.about,
  };
}

/**
 * Does a press lack what the form would ask? Whoever typed sent the form; a button may bring all that is needed, and one that
 * brings nothing of what can be said is pressed to say it.
 */
export function lacksFields({ fields }: CommandForm, given: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(fields);
  if (!names.some((name) => Object.hasOwn(given, name))) return names.length > 0;
  return Object.entries(fields).some(([name, schema]) => isNeeded(schema) && !Object.hasOwn(given, name));
}
