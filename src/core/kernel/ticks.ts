import { DomainError } from './errors.ts';

/*
 * What is ticked of several choices is one text: their values with commas between them, '' where none is. So it stands in a press,
 * in a field of a card, and in what a channel or a page brings. No value holds a space, a comma or a semicolon, and none is one of
 * the words that people write for none and for all of them.
 */

/** The most that can be ticked in one field: as many as every channel shows. */
export const MOST_TICKED = 100;
/** Characters of one value: Discord takes no more. */
const VALUE = 100;
/** The longest text that names so many. */
export const TICKS_TEXT = MOST_TICKED * (VALUE + 1);

const NONE: readonly string[] = ['none', 'no'];
const ALL = 'all';

/** The values in such a text, each once. Who writes it by hand may put spaces or semicolons between them, or say "none". */
export function ticksIn(text: string): string[] {
  const [first = '', ...more] = new Set(text.split(/[\s,;]+/).filter(Boolean));
  if (!more.length && (first === '' || NONE.includes(first.toLowerCase()))) return [];
  return [first, ...more];
}

/**
 * What is ticked of what is offered, in its order; "all" is all of it. A command asks this of the thing as it is then: what comes
 * back from a form may never have been offered, or not be there any more.
 * @throws DomainError invalid, beside the field
 */
export function tickedOf(field: string, ticked: readonly string[], offered: readonly string[]): string[] {
  const [only = '', ...more] = ticked;
  if (only.toLowerCase() === ALL && !more.length) return [...offered];
  const wrong = ticked.find((value) => !offered.includes(value));
  if (wrong === undefined) return offered.filter((value) => ticked.includes(value));
  const fault = `there is no option ${wrong.slice(0, 40).toWellFormed()}: ${optionsText(offered)}`;
  throw new DomainError('invalid', `Please check: ${field}: ${fault}`, { fields: { [field]: fault } });
}

/** A list that nobody reads to its end is not said. */
function optionsText(offered: readonly string[]): string {
  if (!offered.length) return 'there are none';
  const list = offered.join(', ');
  return list.length <= 200 ? `the options are ${list}` : 'choose from what the form offers now';
}

/**
 * The text for what somebody wrote in words, where they see no boxes: a choice may be called by its label. What is called neither
 * way stays as it was written, and is refused by name.
 */
export function ticksFor(words: string, options: readonly { value: string; label: string }[]): string {
  const called = (text: string): string | null => {
    const said = text.trim().toLowerCase();
    const [found, other] = options.filter(({ label }) => label.trim().toLowerCase() === said);
    return found && !other && !options.some(({ value }) => value === text.trim()) ? found.value : null;
  };
  const part = (text: string) => called(text) ?? text.trim();
  return (
    called(words) ??
    words
      .split(/[,;\n]/)
      .map(part)
      .filter(Boolean)
      .join(',')
  );
}

/** @throws Error for a choice that could not be told from others in one text: a fault of who offers it */
export function requireTickable(field: string, options: readonly { value: string }[]): void {
  const odd = options.find(
    ({ value }) => value.length > VALUE || !/^[^\s,;]+$/.test(value) || [...NONE, ALL].includes(value.toLowerCase()),
  );
  if (odd) throw new Error(`the choice “${odd.value}” of the field ${field} cannot be ticked`);
}
