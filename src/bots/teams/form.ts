import type { Field, Form } from '../../core/kernel/card.ts';
import { ticksIn } from '../../core/kernel/ticks.ts';
import { fittingOptions } from '../options.ts';
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
    const all = 'options' in field ? field.options : [];
    const options = fittingOptions(all, most(LIMITS.choices, share), value);
    return [
      ...(error ? richText(cut(`${field.label}: ${error}`, LIMITS.itemText), { color: 'Attention' }) : []),
      input(field, heldIn(field, options, value, share), options),
      ...(field.hint ? richText(cut(field.hint, LIMITS.itemText), { isSubtle: true, size: 'Small' }, 'None') : []),
      ...more(all.length - options.length, 'that do not fit here'),
    ];
  });
}

type Options = readonly { value: string; label: string }[];

/** What stands in the field: a text as far as it fits, of ticks those that are offered. */
function heldIn(field: Field, options: Options, value: string | undefined, share: number): string | undefined {
  if (!value) return undefined;
  if (field.kind !== 'several') return cut(value, most(LIMITS.text, share));
  const ticks = new Set(ticksIn(value));
  return options.flatMap((one) => (ticks.has(one.value) ? [one.value] : [])).join(',');
}

function input(field: Field, value: string | undefined, options: Options): Input {
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
        choices: choicesOf(options),
      };
    case 'several':
      return {
        ...base,
        type: 'Input.ChoiceSet',
        style: options.length <= LIMITS.boxes ? 'expanded' : 'compact',
        isMultiSelect: true,
        wrap: true,
        choices: choicesOf(options),
      };
    case 'date':
      return { ...base, type: 'Input.Date' };
  }
}

function choicesOf(options: Options): { title: string; value: string }[] {
  return options.map(({ label, value }) => ({ title: plain(cut(label, LIMITS.factTitle)), value }));
}
