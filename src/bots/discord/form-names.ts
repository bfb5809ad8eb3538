import type { Field } from '../../core/kernel/card.ts';
import { ticksIn } from '../../core/kernel/ticks.ts';
import { LIMITS } from './limits.ts';
import { label } from './text.ts';

/*
 * What was typed into a form is kept in a message, in the words that people know, and comes back with a press on it: the words must
 * lead back to what was meant.
 */

/** Stands where nothing is ticked: an embed says something. */
export const NOTHING = '–';

/** What each choice is called: by its label, or by its value where another one has the same. */
export function namesOf(options: readonly { value: string; label: string }[]): string[] {
  const labels = options.map((one) => label(one.label, LIMITS.optionText));
  return options.map(({ value }, at) => {
    const name = labels[at] ?? value;
    return labels.filter((one) => one === name).length === 1 && name !== NOTHING ? name : value;
  });
}

/** A field's value as the message shows it, one line for each choice; null where there is nothing to show. */
export function shownAs(field: Field, value: string | undefined): string | null {
  if (value === undefined || (value === '' && field.kind !== 'several')) return null;
  if (!('options' in field)) return value;
  const names = namesOf(field.options);
  const values = field.options.map((one) => one.value);
  const chosen = values.includes(value) ? [value] : ticksIn(value);
  const lines = chosen.map((one) => names[values.indexOf(one)] ?? one).join('\n');
  // Where the names are too long, what they stand for is not lost with their end.
  return (lines.length <= LIMITS.embedText ? lines : chosen.join('\n')) || NOTHING;
}

/** The value that the words of the message stand for. */
export function meantBy(field: Field, words: string): string {
  if (!('options' in field)) return words;
  if (words === NOTHING) return '';
  const names = namesOf(field.options);
  return words
    .split('\n')
    .map((one) => field.options[names.indexOf(one)]?.value ?? one)
    .join(',');
}
