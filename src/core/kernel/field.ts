import type { ZodType } from 'zod';
import { z } from 'zod';
import { Secret } from './secret.ts';
import { oneLine } from './text.ts';
import { MOST_TICKED, TICKS_TEXT, ticksIn } from './ticks.ts';
import { MOST_FILES, UPLOADS_TEXT, Uploads } from './uploads.ts';

/** What an input looks like where somebody fills it in. It travels with the schema, as its `.meta()`. */
export interface Look {
  label: string;
  hint?: string;
  placeholder?: string;
  /** Several lines. */
  multiline?: boolean;
  /** A password or key: asked for on the pages alone, and never shown again. */
  secret?: boolean;
  /** Files, so many at most: sent from the pages alone. */
  file?: { most: number };
  /** A day is chosen from a calendar. */
  day?: boolean;
  /** What may be chosen. An empty list is filled when the form is drawn (see `Asking.choices`). */
  choices?: readonly Choice[];
  /** Any of the choices may be ticked, so many at least and at most. */
  several?: { least: number; most: number };
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
  interface GlobalMeta extends Partial<Look> {
    /** Of what an event holds: it is for the firm alone, also where the event is told to a client. */
    firmOnly?: true;
  }
}

/** The inputs that a form asks for, by name. Each has a label in its `.meta()`. */
export type Fields = Readonly<Record<string, ZodType>>;
/** What inputs are once they were read. */
export type Typed<F extends Fields> = { [K in keyof F]: z.output<F[K]> };

// Most characters: a line fits a mail's subject, a text fits what trackers take as a description (Jira: 32,767).
export const LINE = 200;
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

/** Most characters of a secret: a password, a token, or a key on one line. */
const SECRET = 2_000;

/**
 * A password or key. It is typed on a page of somebody who is signed in, and nowhere else; the command gets it as a `Secret`, which
 * writes itself down nowhere.
 */
export function secret({ least = 1, ...look }: Sized): ZodType<Secret> {
  return words(least, look.most ?? SECRET, clean)
    .transform((text) => new Secret(text))
    .meta({ most: SECRET, ...look, secret: true });
}

/** Files. They are sent from a page of somebody who is signed in; the command gets what the hub took, as `Uploads`. */
export function files(look: Look): ZodType<Uploads> {
  return z
    .string('are needed')
    .min(1, 'are needed')
    .max(UPLOADS_TEXT, 'are too many')
    .transform((token) => new Uploads(token))
    .meta({ ...look, file: { most: MOST_FILES } });
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

/**
 * Some of the things that are read when the form is drawn; their values as a list, or as a text (see `ticks.ts`). It must be
 * answered, and none of them is an answer unless `least` says otherwise. The command checks what it gets with `tickedOf`.
 */
export function several({
  least = 0,
  most = MOST_TICKED,
  ...look
}: Omit<Look, 'several'> & { least?: number }): ZodType<string[]> {
  const tooMany = `may have at most ${Math.min(most, MOST_TICKED)} of the choices`;
  const size = (given: string | string[]) => (typeof given === 'string' ? given.length : given.join(',').length);
  return z
    .union([z.string(), z.array(z.string())], {
      error: ({ input }) => (input === undefined ? 'is needed' : 'is a list of choices'),
    })
    .refine((given) => size(given) <= TICKS_TEXT && (typeof given === 'string' || given.length <= MOST_TICKED), tooMany)
    .transform((given) => ticksIn(typeof given === 'string' ? given : given.join(',')))
    .pipe(
      z
        .array(z.string())
        .min(least, `needs at least ${least} of the choices`)
        .max(Math.min(most, MOST_TICKED), tooMany),
    )
    .meta({
      choices: [],
      description: 'Some of the choices: a list of them, or a text with commas between them; “none” for none',
      ...look,
      several: { least, most: Math.min(most, MOST_TICKED) },
    });
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

export function isNeeded(schema: ZodType): boolean {
  return !schema.safeParse(undefined).success;
}

/** The fields in which a thing is chosen, by its id: a press may bring one. */
export function chosenIn(fields: Fields): Fields {
  const chosen = Object.entries(fields).filter(([, schema]) => {
    const { choices, several: isSeveral } = schema.meta() ?? {};
    return choices?.length === 0 && !isSeveral;
  });
  return Object.fromEntries(chosen.map(([name, schema]) => [name, schema.optional()]));
}
