import type { Field, Form } from '../../core/kernel/card.ts';
import type { Element, Input } from './adaptive-card.ts';
import { more, most } from './blocks.ts';
import { LIMITS } from './limits.ts';
import { cut, plain, richText } from './text.ts';

/** What is known of a form that came back: what was typed, and what is wrong with it. */
export interface Returned {
  typed: Readonly<Record<string, string>>;
  errors: Readonly<Record<string, string>>;
}

/** Inputs carry the field's name behind this prefix, so that no field can be named like the press beside it. */
export const FIELD_PREFIX = 'field:';

/** The fields with their labels, hints and faults; the form's button stands with the card's actions. */
export function form(block: Form, share: number, returned: Returned | null): Element[] {
  return block.fields.flatMap((field) => {
    const value = returned ? returned.typed[field.name] : field.value;
    const error = returned?.errors[field.name];
    return [
      ...(error ? richText(cut(`${field.label}: ${error}`, LIMITS.itemText), { color: 'Attention' }) : []),
      input(field, value ? cut(value, most(LIMITS.text, share)) : undefined, share),
      ...(field.hint ? richText(cut(field.hint, LIMITS.itemText), { isSubtle: true, size: 'Small' }, 'None') : []),
      ...(field.kind === 'choice'
        ? more(field.options.length - most(LIMITS.choices, share), 'that do not fit here')
        : []),
    ];
  });
}

function input(field: Field, value: string | undefined, share: number): Input {
  const label = plain(cut(field.label, LIMITS.factTitle));
  const base = {
    id: `${FIELD_PREFIX}${field.name}`,
    label,
    ...(field.required ? { isRequired: true as const, errorMessage: `${label} is needed` } : {}),
    ...(value ? { value } : {}),
  };
  switch (field.kind) {
    case 'text':
      return {
        ...base,
        type: 'Input.Text',
        ...(field.multiline ? { isMultiline: true as const } : {}),
        ...(field.maxLength ? { maxLength: field.maxLength } : {}),
        ...(field.placeholder ? { placeholder: plain(cut(field.placeholder, LIMITS.title)) } : {}),
      };
    case 'choice':
      return {
        ...base,
        type: 'Input.ChoiceSet',
        style: 'compact',
        choices: field.options
          .slice(0, most(LIMITS.choices, share))
          .map((option) => ({ title: plain(cut(option.label, LIMITS.factTitle)), value: option.value })),
      };
    case 'date':
      return { ...base, type: 'Input.Date' };
  }
}
