import type { ZodType } from 'zod';
import { z } from 'zod';
import type { Actor } from './actor.ts';
import type { Asking } from './asking.ts';
import { fieldsOf, nothingToChoose } from './asking.ts';
import type { About, Card, Press } from './card.ts';
import type { Context } from './context.ts';
import type { Fields } from './field.ts';
import { chosenIn, isNeeded } from './field.ts';
import { allow } from './thing-definition.ts';

/** How a command asks a person for what it needs to know. */
export interface CommandForm {
  fields: Fields;
  /** What of a press opens it: which thing it is about, in which version; what else a press holds is a proposal for a field. */
  opens: ZodType;
  /** What it is opened for is a proposal among others (a project to choose): it is read as all that the actor sees. */
  wide?: boolean;
  /**
   * Draws it, by the rules of the command itself: nobody types for nothing. The press bears the command's name, and nothing that
   * only a channel knows.
   */
  draw(context: Context, opened: unknown, press: Press): Promise<Card>;
}

/** What a form asks that makes something, or in which one chooses what it is about. */
interface Asked<F extends Fields> {
  /** Also the word on its button. */
  title: string;
  submit?: string;
  fields: F;
  /** Whether this actor may do it at all; whether to what they chose, the command asks when the form is sent. */
  who(actor: Actor): boolean;
  /** What depends on who asks, and on what was chosen before. */
  ask?(
    context: Context,
    chosen: Readonly<Record<string, string | undefined>>,
  ): Asking<keyof F & string> | Promise<Asking<keyof F & string>>;
}

/** The form of a command that is about nothing yet. */
export function formFor<F extends Fields>({ title, submit = title, fields, who, ask }: Asked<F>): CommandForm {
  return {
    fields,
    opens: z.object(chosenIn(fields)),
    wide: true,
    draw: async (context, opened, press) => {
      allow(who(context.actor));
      const about = { entity: 'home', id: context.newId(), version: 0 };
      const asking = (await ask?.(context, opened as Record<string, string | undefined>)) ?? {};
      return formCard(press, { title, submit, about }, fields, asking);
    },
  };
}

/** The card of a form. Its press holds what was pressed, but for what the fields now ask. */
export function formCard(
  { target, input }: Press,
  form: { title: string; submit: string; summary?: string | undefined; about: About },
  fields: Fields,
  asking: Asking,
): Card {
  const title = asking.title ?? form.title;
  const carried = {
    ...Object.fromEntries(Object.entries(input).filter(([name]) => !Object.hasOwn(fields, name))),
    ...(asking.seen === undefined ? {} : { seen: asking.seen }),
  };
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
export function lacksFields({ fields }: Pick<CommandForm, 'fields'>, given: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(fields);
  if (!names.some((name) => Object.hasOwn(given, name))) return names.length > 0;
  return Object.entries(fields).some(([name, schema]) => isNeeded(schema) && !Object.hasOwn(given, name));
}
