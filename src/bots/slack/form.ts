import type {
  Checkboxes,
  Datepicker,
  InputBlock,
  KnownBlock,
  MultiStaticSelect,
  PlainTextInput,
  PlainTextOption,
  StaticSelect,
} from '@slack/types';
import type { Field, Form } from '../../core/kernel/card.ts';
import { ticksIn } from '../../core/kernel/ticks.ts';
import { fittingOptions } from '../options.ts';
import { LIMITS } from './limits.ts';
import { plain } from './text.ts';

const FIELD = 'field:';

/** The block (and action) id of a form's field. */
export function fieldId(name: string): string {
  return `${FIELD}${name}`;
}

/** The field's name, or null for a block that is no field of a form. */
export function fieldName(blockId: string): string | null {
  return blockId.startsWith(FIELD) ? blockId.slice(FIELD.length) : null;
}

/** The most choices that one of its fields offers; 0 where nothing is chosen. */
export function longestList({ fields }: Form): number {
  return Math.max(0, ...fields.map((field) => ('options' in field ? field.options.length : 0)));
}

/**
 * The fields of a form as input blocks.
 * @param room how many choices each list may offer
 */
export function inputBlocks(form: Form, room: number): KnownBlock[] {
  return form.fields.flatMap((field): KnownBlock[] => {
    const options = 'options' in field ? optionsOf(field, room) : [];
    const element = elementOf(field, options);
    if (!element)
      return [{ type: 'section', text: plain(`${field.label}: there is nothing to choose from.`, LIMITS.text) }];
    const input: InputBlock = {
      type: 'input',
      block_id: fieldId(field.name),
      label: plain(field.label, LIMITS.inputLabel),
      optional: !field.required,
      element,
      ...(field.hint ? { hint: plain(field.hint, LIMITS.inputHint) } : {}),
    };
    const left = 'options' in field ? field.options.length - options.length : 0;
    const note = plain(`… and ${left} more to choose from that do not fit here`, LIMITS.text);
    return left > 0 ? [input, { type: 'context', elements: [note] }] : [input];
  });
}

function optionsOf(field: Extract<Field, { options: unknown }>, room: number): PlainTextOption[] {
  return fittingOptions(field.options, room, field.value).map(({ value, label }) => ({
    text: plain(label, LIMITS.optionText),
    value,
  }));
}

type Element = PlainTextInput | StaticSelect | Checkboxes | MultiStaticSelect | Datepicker;

/** Null for a choice without options, which Slack would refuse together with the whole form. */
function elementOf(field: Field, options: PlainTextOption[]): Element | null {
  switch (field.kind) {
    case 'text':
      return textInput(field);
    case 'choice':
      return options.length ? choice(field, options) : null;
    case 'several':
      return options.length ? several(field, options) : null;
    case 'date':
      return {
        type: 'datepicker',
        action_id: fieldId(field.name),
        ...(/^\d{4}-\d{2}-\d{2}$/.test(field.value ?? '') ? { initial_date: field.value ?? '' } : {}),
      };
  }
}

function textInput(field: Extract<Field, { kind: 'text' }>): PlainTextInput {
  const most = Math.min(field.maxLength ?? LIMITS.typed, LIMITS.typed);
  return {
    type: 'plain_text_input',
    action_id: fieldId(field.name),
    multiline: field.multiline ?? false,
    max_length: most,
    ...(field.value ? { initial_value: field.value.slice(0, most) } : {}),
    ...(field.placeholder ? { placeholder: plain(field.placeholder, LIMITS.placeholder) } : {}),
  };
}

function choice({ name, value: given }: Field, options: PlainTextOption[]): StaticSelect {
  const chosen = options.find(({ value }) => value === given);
  return {
    type: 'static_select',
    action_id: fieldId(name),
    ...listOf(options),
    ...(chosen ? { initial_option: chosen } : {}),
  };
}

/** Boxes where there are few, a list in which several can be chosen where there are many. */
function several(
  { name, value: given = '', most }: Extract<Field, { kind: 'several' }>,
  options: PlainTextOption[],
): Checkboxes | MultiStaticSelect {
  const ticks = ticksIn(given);
  const ticked = options.filter(({ value }) => value !== undefined && ticks.includes(value));
  const initial = ticked.length ? { initial_options: ticked } : {};
  if (options.length <= LIMITS.checkboxes) return { type: 'checkboxes', action_id: fieldId(name), options, ...initial };
  const limit = Math.max(1, Math.min(most, options.length));
  return {
    type: 'multi_static_select',
    action_id: fieldId(name),
    ...listOf(options),
    ...initial,
    max_selected_items: limit,
  };
}

function listOf(options: PlainTextOption[]) {
  return options.length <= LIMITS.options ? { options } : { option_groups: groups(options) };
}

/** A list takes 100 options, but also 100 groups of 100. */
function groups(options: PlainTextOption[]): { label: ReturnType<typeof plain>; options: PlainTextOption[] }[] {
  const found = [];
  for (let at = 0; at < options.length && found.length < LIMITS.optionGroups; at += LIMITS.options) {
    const some = options.slice(at, at + LIMITS.options);
    found.push({ label: plain(`${at + 1} – ${at + some.length}`, LIMITS.optionText), options: some });
  }
  return found;
}
