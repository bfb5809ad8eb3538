import type { Datepicker, InputBlock, KnownBlock, PlainTextInput, PlainTextOption, StaticSelect } from '@slack/types';
import type { Field, Form } from '../../core/kernel/card.ts';
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

/** The fields of a form as input blocks. */
export function inputBlocks(form: Form): KnownBlock[] {
  return form.fields.map((field) => {
    const element = elementOf(field);
    if (!element)
      return { type: 'section', text: plain(`${field.label}: there is nothing to choose from.`, LIMITS.text) };
    return {
      type: 'input',
      block_id: fieldId(field.name),
      label: plain(field.label, LIMITS.inputLabel),
      optional: !field.required,
      element,
      ...(field.hint ? { hint: plain(field.hint, LIMITS.inputHint) } : {}),
    } satisfies InputBlock;
  });
}

/** Null for a choice without options, which Slack would refuse together with the whole form. */
function elementOf(field: Field): PlainTextInput | StaticSelect | Datepicker | null {
  switch (field.kind) {
    case 'text':
      return textInput(field);
    case 'choice':
      return field.options.length ? choice(field) : null;
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

function choice(field: Extract<Field, { kind: 'choice' }>): StaticSelect {
  const options: PlainTextOption[] = field.options.map(({ value, label }) => ({
    text: plain(label, LIMITS.optionText),
    value,
  }));
  const chosen = options.find(({ value }) => value === field.value);
  return {
    type: 'static_select',
    action_id: fieldId(field.name),
    ...(options.length <= LIMITS.options ? { options } : { option_groups: groups(options) }),
    ...(chosen ? { initial_option: chosen } : {}),
  };
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
