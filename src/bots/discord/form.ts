import type { APILabelComponent, APIModalInteractionResponseCallbackData, APITextDisplayComponent } from 'discord.js';
import { ComponentType, TextInputStyle } from 'discord.js';
import type { Card, Field, Form, Press } from '../../core/kernel/card.ts';
import { decodePress, encodePress } from '../../core/kernel/card.ts';
import { MOST_TICKED, ticksIn } from '../../core/kernel/ticks.ts';
import { fittingOptions } from '../options.ts';
import { namesOf } from './form-names.ts';
import { LIMITS } from './limits.ts';
import { display } from './parts.ts';
import { label, line } from './text.ts';

/** One input of a modal: a field, or 25 of the choices of one that has more. */
interface Input {
  field: Field;
  /** Which 25 of its choices. */
  part: number;
  parts: number;
}

/** Beyond so many choices nobody looks; as many can be ticked, so what is ticked is always shown. */
const MOST_OFFERED = MOST_TICKED;

type Choosing = Extract<Field, { options: unknown }>;

/** The inputs of a form, page by page: a modal takes five. The lists of one field stand on one page: they are its whole answer. */
export function pagesOf({ fields }: Form): Input[][] {
  const pages: [Input[], ...Input[][]] = [[]];
  for (const field of fields) {
    const parts = 'options' in field ? Math.max(1, Math.ceil(offeredIn(field).length / LIMITS.options)) : 1;
    const inputs = Array.from({ length: parts }, (_, part): Input => ({ field, part, parts }));
    const page = pages.at(-1) as Input[];
    if (page.length + inputs.length > LIMITS.inputs) pages.push(inputs);
    else page.push(...inputs);
  }
  return pages;
}

function offeredIn({ options, value: before }: Choosing, value = before) {
  return fittingOptions(options, MOST_OFFERED, value);
}

/** What a modal says of itself when it is sent: the page it is, of how many, and the view that opens the form again. */
export interface Opened {
  page: number;
  pages: number;
  view: Press | null;
}

/**
 * A page of a form as a modal. Its custom id is the press that the form makes; the first input's carries what opens it again.
 * @param typed what was typed into it before
 */
export function renderModal(
  card: Card,
  form: Form,
  page: number,
  view: Press | null,
  typed: Readonly<Record<string, string>> = {},
): APIModalInteractionResponseCallbackData {
  const pages = pagesOf(form);
  const inputs = pages[page] ?? [];
  const place = `${page}/${pages.length}`;
  const most = shareOf(form);
  const components = inputs.map((input, at): APILabelComponent | APITextDisplayComponent => {
    const name = input.part ? `${input.field.name}#${input.part}` : input.field.name;
    const value = typed[input.field.name] ?? input.field.value ?? '';
    return inputOf(input, at ? name : withView(name, place, view, form), value, most);
  });
  return {
    custom_id: encodePress(form.submit.press),
    title: label(card.title, LIMITS.modalTitle),
    components: components.length ? components : [display('There is nothing to fill in here.')],
  };
}

/** The name of the input, the page, and the view: of it goes what the form itself holds, where it would not fit else. */
function withView(name: string, place: string, view: Press | null, form: Form): string {
  const fits = (text: string) => Buffer.byteLength(text) <= LIMITS.customId;
  const whole = [name, place, view && encodePress(view)].filter((part) => part !== null).join(' ');
  if (fits(whole) || !view) return whole;
  const names = new Set(form.fields.map((field) => field.name));
  const input = Object.fromEntries(Object.entries(view.input).filter(([key]) => !names.has(key)));
  const shorter = [name, place, encodePress({ ...view, input })].join(' ');
  return fits(shorter) ? shorter : `${name} ${place}`;
}

/** Reads the name of an input, and from the first one what the modal says of itself. */
export function readInputId(customId: string): { name: string; opened: Opened | null } {
  const [name = '', place, view] = customId.split(' ');
  const [page, pages] = (place ?? '').split('/').map(Number);
  const opened = place ? { page: page || 0, pages: pages || 1, view: decodePress(view ?? '') } : null;
  return { name: name.split('#')[0] ?? name, opened };
}

function inputOf(
  { field, part, parts }: Input,
  customId: string,
  value: string,
  most: number,
): APILabelComponent | APITextDisplayComponent {
  const named = parts > 1 ? `${field.label} (${part + 1} of ${parts})` : field.label;
  const frame = {
    type: ComponentType.Label as const,
    label: label(named, LIMITS.label),
    ...(field.hint ? { description: label(field.hint, LIMITS.description) } : {}),
  };
  if (!('options' in field)) return { ...frame, component: textInput(field, customId, value, most) };
  const options = offeredIn(field, value).slice(part * LIMITS.options, (part + 1) * LIMITS.options);
  if (!options.length) return display(`${line(field.label)}: there is nothing to choose from.`);
  // Of several lists one is enough; whether one was chosen is looked at when the form is sent.
  const required = field.required && parts === 1;
  const chosen = field.kind === 'several' ? ticksIn(value) : [value];
  return {
    ...frame,
    component: {
      type: ComponentType.StringSelect,
      custom_id: customId,
      required,
      ...(field.kind === 'several' ? boundsOf(field, required, options.length) : {}),
      options: options.map((one) => ({
        label: label(one.label, LIMITS.optionText),
        value: one.value,
        ...(chosen.includes(one.value) ? { default: true } : {}),
      })),
    },
  };
}

/** How many may be chosen in one list: never more than there are. */
function boundsOf({ least, most }: Extract<Field, { kind: 'several' }>, required: boolean, there: number) {
  return { min_values: required ? Math.min(Math.max(1, least), there) : 0, max_values: Math.min(most, there) };
}

function textInput(field: Exclude<Field, Choosing>, customId: string, value: string, share: number) {
  const isDate = field.kind === 'date';
  // What stood there already is never cut: sent back, it would be lost.
  const most = isDate ? 10 : Math.min(field.maxLength ?? LIMITS.typed, Math.max(share, value.length), LIMITS.typed);
  const placeholder = isDate ? 'YYYY-MM-DD' : field.placeholder;
  return {
    type: ComponentType.TextInput as const,
    custom_id: customId,
    style: !isDate && field.multiline ? TextInputStyle.Paragraph : TextInputStyle.Short,
    required: field.required,
    max_length: Math.max(1, most),
    ...(value ? { value: value.slice(0, LIMITS.typed) } : {}),
    ...(placeholder ? { placeholder: label(placeholder, LIMITS.inputPlaceholder) } : {}),
  };
}

/**
 * Characters that may be typed into one field: everything that is typed must fit into the message that gives it back
 * when something is wrong with it.
 */
function shareOf({ fields }: Form): number {
  const texts = fields.filter((field) => field.kind === 'text');
  const isShort = ({ maxLength }: (typeof texts)[number]) => (maxLength ?? LIMITS.typed) <= SHORT;
  const short = texts.filter(isShort);
  const long = texts.length - short.length;
  const taken =
    short.reduce((sum, { maxLength = SHORT }) => sum + maxLength, 0) +
    fields.reduce((sum, field) => sum + ticksLength(field), fields.length * LIMITS.label * 3);
  return Math.max(SHORT, Math.floor((LIMITS.embedsText - taken) / Math.max(1, long)));
}

const SHORT = 300;

/** Characters of what may be ticked in a field, all of it. */
function ticksLength(field: Field): number {
  if (field.kind !== 'several') return 0;
  return Math.min(LIMITS.embedText, namesOf(offeredIn(field)).join('\n').length);
}
