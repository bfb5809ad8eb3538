import type { ZodType } from 'zod';
import type { Field } from './card.ts';
import type { Choice, Fields, Look } from './field.ts';
import { clean, isNeeded, LINE } from './field.ts';
import { oneLine } from './text.ts';
import { requireTickable, ticksIn } from './ticks.ts';

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
  /** A mark of what the fields were filled from, where that is no thing: the form's press brings it back as `seen`. */
  seen?: string;
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
    // What may be left empty and has nothing to choose from is not asked: no platform draws an empty choice.
    if (choices?.length === 0 && mayBeEmpty(schema)) return [];
    const value = look.several
      ? ticksBefore(schema, look.several.most, choices, [proposed[name], asking.values?.[name]])
      : valueBefore(schema, look, choices, [proposed[name], asking.values?.[name]]);
    const hint = asking.hints?.[name] ?? look.hint;
    return [
      {
        name,
        label: look.label,
        required: !mayBeEmpty(schema),
        ...kindOf(name, look, choices, isNeeded(schema)),
        ...(value !== undefined ? { value } : {}),
        ...(hint ? { hint } : {}),
      },
    ];
  });
}

type Before = [proposed: string | undefined, asked: string | null | undefined];

/** What a field holds before anybody types. */
function valueBefore(
  schema: ZodType,
  look: Look,
  choices: readonly Choice[] | undefined,
  [proposed, asked]: Before,
): string | undefined {
  const given = look.secret || look.file ? '' : proposal(look, proposed);
  const isOffered = !choices || choices.some(({ value }) => value === given);
  const value = (given && isOffered ? given : null) ?? asked ?? presetOf(schema) ?? onlyOne(schema, choices);
  return value || undefined;
}

/** What is ticked before anybody looks: of what is offered. Nothing is ticked that may be left, unless somebody said so. */
function ticksBefore(
  schema: ZodType,
  most: number,
  choices: readonly Choice[] = [],
  [proposed = '', asked]: Before,
): string | undefined {
  const offered = (text: string) => {
    const ticks = ticksIn(text).filter((tick) => choices.some(({ value }) => value === tick));
    return ticks.slice(0, most).join(',');
  };
  const before = offered(proposed) || (typeof asked === 'string' ? offered(asked) : undefined);
  return before ?? (mayBeEmpty(schema) ? undefined : onlyOne(schema, choices));
}

/** What is said in place of a form of which a needed choice has nothing to offer; null where it can be filled in. */
export function nothingToChoose(fields: Fields, asking: Asking): string | null {
  const empty = Object.entries(fields).find(([name, schema]) => {
    const choices = asking.choices?.[name] ?? lookOf(name, schema).choices;
    return choices?.length === 0 && !mayBeEmpty(schema);
  });
  if (!empty) return null;
  const { none, label } = lookOf(...empty);
  return none ?? `There is nothing to choose from for “${label}”.`;
}

/** Of several choices none may be an answer, though one that must be given. */
function mayBeEmpty(schema: ZodType): boolean {
  return !isNeeded(schema) || (schema.meta()?.several !== undefined && schema.safeParse('').success);
}

/** What is meant where nothing is given. */
function presetOf(schema: ZodType): string | undefined {
  const { data } = schema.safeParse(undefined);
  return typeof data === 'string' || typeof data === 'number' ? String(data) : undefined;
}

/** @throws Error for an input without a label: a form cannot ask for it */
function lookOf(name: string, schema: ZodType): Look {
  const look = schema.meta();
  if (!look?.label) throw new Error(`the field ${name} has no label`);
  return { ...look, label: look.label };
}

function kindOf(name: string, look: Look, choices: readonly Choice[] | undefined, needed: boolean) {
  const { multiline, secret, file, day: isDay, most, placeholder, several: bounds } = look;
  if (bounds) {
    requireTickable(name, choices ?? []);
    return { kind: 'several' as const, options: [...(choices ?? [])], ...bounds, needed };
  }
  if (choices) return { kind: 'choice' as const, options: [...choices] };
  if (isDay) return { kind: 'date' as const };
  return {
    kind: 'text' as const,
    maxLength: most ?? LINE,
    ...(multiline ? { multiline } : {}),
    ...(secret ? { secret } : {}),
    ...(file ? { file } : {}),
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
