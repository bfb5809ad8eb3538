import type { APIActionRowComponent, APIButtonComponent, APIEmbed } from 'discord.js';
import { ButtonStyle, ComponentType } from 'discord.js';
import { z } from 'zod';
import type { Form, Press } from '../../core/kernel/card.ts';
import { decodePress, encodePress } from '../../core/kernel/card.ts';
import { meantBy, shownAs } from './form-names.ts';
import { cut, LIMITS } from './limits.ts';
import { fitting, label } from './text.ts';

/** The first word of the custom ids of its buttons: open a page of the form, or send what was typed. */
const FILL = 'fill';
const SEND = 'send';

/** A message that keeps what was typed into a form: between two pages, and when something is wrong with it. */
export interface FormMessage {
  content: string;
  embeds: APIEmbed[];
  components: APIActionRowComponent<APIButtonComponent>[];
}

/** A value that somebody typed, under the name they know its field by. */
export interface Typed {
  title: string;
  description: string;
}

/**
 * Discord opens no modal after a modal, and not later than three seconds: then a button does. What was typed stands in the
 * message itself, and comes back with a press on it; nothing of it is kept here.
 * @param view opens the form again; without it there is only what was typed, to be copied
 */
export function renderFormMessage(
  say: readonly string[],
  {
    typed,
    pages,
    submit,
    view,
  }: { typed: readonly Typed[]; pages: number; submit: Form['submit'] | null; view: Press | null },
): FormMessage {
  const isBegun = typed.length > 0;
  const fill = Array.from({ length: pages }, (_, page) =>
    view ? buttonOf(wordOf(page, pages, isBegun), `${FILL} ${page}`, view) : null,
  );
  const send = isBegun && pages > 1 && submit ? [buttonOf(submit.label, `${SEND} ${encodePress(submit.press)}`)] : [];
  const buttons = [...send, ...fill].filter((one) => one !== null).slice(0, LIMITS.row);
  return {
    content: cut(say.map((text) => fitting(text, 600)).join('\n') || '–', LIMITS.content),
    embeds: typed.slice(0, LIMITS.embeds),
    components: buttons.length ? [{ type: ComponentType.ActionRow, components: buttons }] : [],
  };
}

/** What was typed into the fields of a form, as the message shows it. */
export function shownOf(form: Form, typed: Readonly<Record<string, string>>): Typed[] {
  return form.fields.flatMap((field) => {
    const shown = shownAs(field, typed[field.name]);
    if (shown === null) return [];
    return [{ title: label(field.label, LIMITS.embedTitle), description: cut(shown, LIMITS.embedText) }];
  });
}

function wordOf(page: number, pages: number, isBegun: boolean): string {
  if (pages === 1) return isBegun ? 'Change…' : 'Fill in…';
  return isBegun && page ? `More fields (${page + 1} of ${pages})…` : `Fill in (${page + 1} of ${pages})…`;
}

function buttonOf(text: string, id: string, view?: Press | null): APIButtonComponent | null {
  const customId = view ? `${id} ${encodePress(view)}` : id;
  if (Buffer.byteLength(customId) > LIMITS.customId) return null;
  const style = id.startsWith(SEND) ? ButtonStyle.Primary : ButtonStyle.Secondary;
  return { type: ComponentType.Button, style, label: label(text, LIMITS.buttonText), custom_id: customId };
}

/** What a button of such a message asks for. */
export type FormButton = { kind: 'fill'; page: number; view: Press } | { kind: 'send'; press: Press; view: Press };

const Rows = z.array(z.object({ components: z.array(z.object({ custom_id: z.string() })) }));

/** @param rows the components of the message: the button that sends stands beside those that name the view */
export function readFormButton(customId: string, rows: unknown): FormButton | null {
  const [word, first = '', second = ''] = customId.split(' ');
  if (word === FILL) {
    const view = decodePress(second);
    return view && { kind: 'fill', page: Number(first) || 0, view };
  }
  const press = word === SEND ? decodePress(first) : null;
  if (!press) return null;
  const beside = (Rows.safeParse(rows).data ?? []).flatMap(({ components }) => components);
  const fill = beside.find(({ custom_id: one }) => one.startsWith(`${FILL} `));
  const view = decodePress(fill?.custom_id.split(' ')[2] ?? '');
  return view && { kind: 'send', press, view };
}

/** What was typed, by the fields of the form: the message knows their labels, or in an outage their names. */
export function typedIn(shown: readonly Typed[], form: Form): Record<string, string> {
  const typed: Record<string, string> = {};
  for (const field of form.fields) {
    const titles = [label(field.label, LIMITS.embedTitle), field.name];
    const value = shown.find(({ title }) => titles.includes(title))?.description;
    if (value !== undefined) typed[field.name] = meantBy(field, value);
  }
  return typed;
}
