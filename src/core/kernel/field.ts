import type { ZodType } from 'zod';
import { z } from 'zod';
import type { Field } from './card.ts';
import { oneLine } from './text.ts';

/** What an input looks like where somebody fills it in. It travels with the schema, as its `.meta()`. */
export interface Look {
  label: string;
  hint?: string;
  placeholder?: string;
  /** Several lines. */
  multiline?: boolean;
  /** A password or key: asked for on the pages alone, and never shown again. */
  secret?: boolean;
  /** A day is chosen from a calendar. */
  day?: boolean;
  /** What may be chosen. An empty list is filled when the form is drawn (see `Asking.choices`). */
  choices?: readonly Choice[];
  /** Most characters that a form takes; longer texts come by mail or the API. */
  most?: number;
  /** What is said in place of the form where nothing can be chosen. */
  none?: string;
}

export interface Choice {
  value: string;
  label: string;
}

declare module 'zod' {
  interface GlobalMeta extends Partial<Look> {}
}

/** The inputs that a form asks for, by name. Each has a label in its `.meta()`. */
export type Fields = Readonly<Record<string, ZodType>>;
/** What inputs are once they were read. */
export type Typed<F extends Fields> = { [K in keyof F]: z.output<F[K]> };

// Most characters: a line fits a mail's subject, a text fits what trackers take as a description (Jira: 32,767).
const LINE = 200;
const NAME = 120;
const TEXT = 30_000;
/** The most that Slack's field takes. */
const TYPED = 3_000;

/** What the database cannot hold (NUL, half of a surrogate pair) is taken out, not refused: it is nobody's words. */
export function clean(text: string): string {
  return text.toWellFormed().replaceAll('\0', '').trim();
}

function words(least: number, most: number, written: (text: string) => string): ZodType<string> {
  return z
    .string('is needed')
    .overwrite(written)
    .min(least, least === 1 ? 'is needed' : `needs at least ${least} characters`)
    .max(most, `may have at most ${most} characters`);
}

type Sized = Look & { least?: number };

/** Words that stand on one line: in a list, in a mail's subject. */
export function line({ least = 1, ...look }: Sized): ZodType<string> {
  return words(least, look.most ?? LINE, (text) => oneLine(clean(text))).meta({ most: LINE, ...look });
}

/** What somebody or something is called, on one line. One that cannot be kept as it is written is refused, not mended. */
export function nameOf(look: Look): ZodType<string> {
  return words(1, look.most ?? NAME, oneLine).meta({ most: NAME, ...look });
}

/** Words of any length, with line breaks. */
export function text({ least = 1, ...look }: Sized): ZodType<string> {
  return words(least, TEXT, clean).meta({ most: TYPED, multiline: true, ...look });
}

/** One of a few words. */
export function choice<const T extends string>(
  values: readonly [T, ...T[]],
  look: Look & { labels?: Readonly<Record<T, string>> },
): ZodType<T> {
  const { labels, ...rest } = look;
  const choices = values.map((value) => ({ value, label: labels?.[value] ?? capital(value) }));
  return z.enum(values).meta({ choices, ...rest });
}

/** One of the things that are read when the form is drawn, by its id. */
export function chosen(look: Look): ZodType<string> {
  return z.uuid(`choose a ${look.label.toLowerCase()}`).meta({ choices: [], ...look });
}

export function day(look: Look): ZodType<string> {
  return z.iso.date('is not a date; write it like 2026-11-27').meta({ day: true, ...look });
}

/** What is meant where nothing is chosen; it stands in the form. */
export function otherwise<T extends string>(value: T, schema: ZodType<T>): ZodType<T> {
  const given = z.preprocess((one) => (isEmpty(one) ? value : one), schema);
  return withLook(schema, given.default(value as never) as unknown as ZodType<T>);
}

/** May be left out. Forms send empty fields as empty strings: they count as absent. */
export function optional<T>(schema: ZodType<T>): ZodType<T | undefined> {
  return withLook(schema, z.preprocess((value) => (isEmpty(value) ? undefined : value), schema.optional()).optional());
}

/** In an edit, absent keeps what is there and an emptied field clears it. */
export function clearable<T>(schema: ZodType<T>): ZodType<T | null | undefined> {
  return withLook(schema, z.preprocess((value) => (isEmpty(value) ? null : value), schema.nullable()).optional());
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'string' && clean(value) === '';
}

/** The same look on what wraps a schema: zod keeps it with the schema that it was given to. */
function withLook<T>(from: ZodType, to: ZodType<T>): ZodType<T> {
  const look = from.meta();
  return look ? to.meta(look) : to;
}

export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** What a form asks beyond what its fields say of themselves: what depends on the thing, or on who fills it in. */
export interface Asking<Name extends string = string> {
  title?: string;
  /** A paragraph above the fields. */
  lead?: string;
  /** The word on the form's own button. */
  submit?: string;
  /** What the fields hold before anybody types. */
  values?: { readonly [K in Name]?: string | null };
  hints?: { readonly [K in Name]?: string };
  choices?: { readonly [K in Name]?: readonly Choice[] };
}

/**
 * The fields of a form as a card shows them.
 * @param proposed what was given already where there was no field for it; only a proposal, which whoever types may change
 */
export function fieldsOf(
  fields: Fields,
  asking: Asking = {},
  proposed: Readonly<Record<string, string>> = {},
): Field[] {
  return Object.entries(fields).flatMap(([name, schema]): Field[] => {
    const look = lookOf(name, schema);
    const choices = asking.choices?.[name] ?? look.choices;
    // What may be left out and has nothing to choose from is not asked: no platform draws an empty choice.
    if (choices?.length === 0 && !isNeeded(schema)) return [];
    const given = look.secret ? '' : proposal(look, proposed[name]);
    const isOffered = !choices || choices.some(({ value }) => value === given);
    const value =
      (given && isOffered ? given : null) ?? asking.values?.[name] ?? presetOf(schema) ?? onlyOne(schema, choices);
    const hint = asking.hints?.[name] ?? look.hint;
    return [
      {
        name,
        label: look.label,
        required: isNeeded(schema),
        ...kindOf(look, choices),
        ...(value ? { value } : {}),
        ...(hint ? { hint } : {}),
      },
    ];
  });
}

/** What is said in place of a form of which a needed choice has nothing to offer; null where it can be filled in. */
export function nothingToChoose(fields: Fields, asking: Asking): string | null {
  const empty = Object.entries(fields).find(([name, schema]) => {
    const choices = asking.choices?.[name] ?? lookOf(name, schema).choices;
    return choices?.length === 0 && isNeeded(schema);
  });
  if (!empty) return null;
  const { none, label } = lookOf(...empty);
  return none ?? `There is nothing to choose from for “${label}”.`;
}

export function isNeeded(schema: ZodType): boolean {
  return !schema.safeParse(undefined).success;
}

/** What is meant where nothing is given. */
function presetOf(schema: ZodType): string | undefined {
  const { data } = schema.safeParse(undefined);
  return typeof data === 'string' || typeof data === 'number' ? String(data) : undefined;
}

/** The fields in which a thing is chosen, by its id: a press may bring one. */
export function chosenIn(fields: Fields): Fields {
  const chosen = Object.entries(fields).filter(([, schema]) => schema.meta()?.choices?.length === 0);
  return Object.fromEntries(chosen.map(([name, schema]) => [name, schema.optional()]));
}

/** @throws Error for an input without a label: a form cannot ask for it */
function lookOf(name: string, schema: ZodType): Look {
  const look = schema.meta();
  if (!look?.label) throw new Error(`the field ${name} has no label`);
  return { ...look, label: look.label };
}

function kindOf({ multiline, secret, day: isDay, most, placeholder }: Look, choices: readonly Choice[] | undefined) {
  if (choices) return { kind: 'choice' as const, options: [...choices] };
  if (isDay) return { kind: 'date' as const };
  return {
    kind: 'text' as const,
    maxLength: most ?? LINE,
    ...(multiline ? { multiline } : {}),
    ...(secret ? { secret } : {}),
    ...(placeholder ? { placeholder } : {}),
  };
}

function proposal({ multiline, most = LINE }: Look, words: string | undefined): string {
  const written = multiline ? clean(words ?? '') : oneLine(clean(words ?? ''));
  return written.slice(0, most).toWellFormed();
}

/** A needed choice of one is made already. */
function onlyOne(schema: ZodType, choices: readonly Choice[] | undefined): string | undefined {
  const [only, other] = choices ?? [];
  return only && !other && isNeeded(schema) ? only.value : undefined;
}
