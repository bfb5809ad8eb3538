import type { ZodObject, ZodRawShape, ZodType } from 'zod';
import { z } from 'zod';
import type { Module } from './actor.ts';
import type { About, Action, Block, Button, Card, ListItem, Tone } from './card.ts';
import { encodePress } from './card.ts';
import type { Context } from './context.ts';
import type { Place } from './cursor.ts';
import { longestCursor, readCursor, writeCursor } from './cursor.ts';
import { DomainError } from './errors.ts';
import type { Choice, Fields, Typed } from './field.ts';
import type { Order, Page } from './list-page.ts';
import { pageOf } from './list-page.ts';
import type { Drawing, ReadWith, View } from './view.ts';
import type { Word } from './words.ts';

/** Items on a page: as many as a phone shows without scrolling for long. */
export const SIZE = 10;

/** A page of a list as data. */
export interface Listed<Item, Summary> {
  items: Item[];
  /** What to give as `before` and `after`; null where there is no page. */
  previous: string | null;
  next: string | null;
  summary: Summary;
}

/** What a list says of itself and of each item. */
export type Face<Item> = {
  title: string;
  tone?: Tone;
  status?: string;
  /** Above the items. */
  lead?: Block[];
  /** What stands there in place of items, and what to do about it. */
  empty: string;
  /** The buttons that turn its pages, in their order; by default “Previous” and “Next”. */
  turns?: readonly { to: 'previous' | 'next'; label: string }[];
  actions?: Action[];
  fallback: string;
  about?: About;
} & (
  | { line(item: Item): ListItem }
  /** A page of items that are no lines of a list. */
  | { blocks(items: readonly Item[]): Block[] }
);

interface ListDefinition<Item, Summary, Within extends ZodRawShape, Filters extends Fields> {
  /** `area.noun` */
  name: string;
  module: Module | null;
  word?: Word;
  /** What it is the list of, like a project: each press on it says so again. */
  within?: Within;
  /** By what it can be narrowed: optional choices, each of which is a button. */
  filters?: Filters;
  /** One item as data, with a sentence per field. */
  item: ZodType<Item>;
  /** What is said of all of them together. */
  summary: ZodType<Summary>;
  /** Or the one that is asked for, where a filter says which. */
  order: Order | ((input: Given<Within, Filters>) => Order);
  /**
   * The items of a page: what `page` reads, each as an item and in their order.
   * @throws DomainError where the actor may not see the list at all
   */
  rows(context: Context, page: Page, input: Given<Within, Filters>, declared: ReadWith): Promise<Item[]>;
  summarize(context: Context, input: Given<Within, Filters>): Promise<Summary>;
  face(list: Listed<Item, Summary>, drawing: Drawing, input: Given<Within, Filters>): Face<Item>;
}

type Given<Within extends ZodRawShape, Filters extends Fields> = z.output<ZodObject<Within>> & Typed<Filters>;
type Paged<Within extends ZodRawShape, Filters extends Fields> = Given<Within, Filters> & {
  after?: string | undefined;
  before?: string | undefined;
};

const cursor = z.string().max(80).optional();
const told = z.string().nullable();

/**
 * Declares a list: a view whose pages can be turned and whose items can be narrowed. Pages hold on to an item, not to a number
 * of rows: what is added or removed meanwhile shows no item twice and leaves none out.
 * @throws Error where its longest press would not fit a button
 */
export function list<
  Item,
  Summary,
  Within extends ZodRawShape = Record<never, never>,
  Filters extends Fields = Record<never, never>,
>(
  definition: ListDefinition<Item, Summary, Within, Filters>,
): View<Paged<Within, Filters>, Listed<Item, Summary>> & { list: { filters: Filters } } {
  const { name, module, word, within = {}, filters = {}, item, summary } = definition;
  requireFitting(definition);
  return {
    ...{ name, module, ...(word ? { word } : {}), list: { filters: filters as Filters } },
    // Cards of earlier versions turned pages by number: those presses show the beginning.
    input: z.strictObject({ ...within, ...filters, after: cursor, before: cursor, page: cursor }) as never,
    output: z.strictObject({
      items: z.array(item),
      previous: told.describe('Give it as `before` to get the page before this one'),
      next: told.describe('Give it as `after` to get the page after this one'),
      summary,
    }),
    read: async (context, input, declared) => {
      const [page, all] = await Promise.all([
        readPage(definition, context, input, declared),
        definition.summarize(context, input),
      ]);
      return { ...page, summary: all } as Listed<Item, Summary>;
    },
    card: (data, drawing, input) => draw(definition, data, drawing, input),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the kernel reads and draws each by its own declaration
type AnyList = ListDefinition<any, any, any, any>;
type Input = Readonly<Record<string, unknown>> & { after?: string | undefined; before?: string | undefined };

async function readPage(
  of: AnyList,
  context: Context,
  input: Input,
  declared: ReadWith,
): Promise<Omit<Listed<unknown, unknown>, 'summary'>> {
  const { after, before } = input;
  const isBack = before !== undefined;
  const order = orderOf(of, input);
  const from = fromOf(of, order, before ?? after, input);
  const places: Place[] = [];
  const rows = await of.rows(
    context,
    pageOf(context, order, { from, isBack, limit: SIZE + 1 }, places),
    input,
    declared,
  );
  if (rows.length !== places.length)
    throw new Error(`${of.name} made ${rows.length} items of the ${places.length} rows that it read`);
  const isMore = rows.length > SIZE;
  // The way back ends at a full first page, not at what is left before the last one.
  if (isBack && !isMore) return readPage(of, context, { ...input, before: undefined, after: undefined }, declared);
  const there = <T>(all: T[]) => (isBack ? all.slice(0, SIZE).reverse() : all.slice(0, SIZE));
  const at = (place: Place | undefined) => (place ? writeCursor(order.by, place) : null);
  return {
    items: there(rows),
    previous: from && (!isBack || isMore) ? at(there(places)[0]) : null,
    next: isBack || isMore ? at(there(places).at(-1)) : null,
  };
}

function orderOf({ order }: AnyList, input: Input): Order {
  return typeof order === 'function' ? order(input) : order;
}

function fromOf(of: AnyList, { by }: Order, text: string | undefined, input: Input): Place | null {
  if (text === undefined) return null;
  const from = readCursor(by, text);
  if (from) return from;
  throw new DomainError('invalid', 'This place in the list cannot be found. Here is its beginning.', {
    show: { target: of.name, input: carriedBy(of, input) },
  });
}

function draw(of: AnyList, data: Listed<unknown, unknown>, drawing: Drawing, input: Input): Card {
  const face: Face<unknown> = of.face(data, drawing, input);
  const { items } = data;
  return {
    title: face.title,
    tone: face.tone ?? 'neutral',
    ...(face.status ? { status: face.status } : {}),
    blocks: [
      ...(face.lead ?? []),
      ...(items.length ? blocksOf(face, items) : [{ kind: 'text' as const, text: emptyText(of, face, input) }]),
    ],
    actions: [...turns(of, face, data, input), ...(face.actions ?? []), ...narrowings(of, data, input)],
    fallback: face.fallback,
    about: face.about ?? { entity: 'home', id: drawing.newId(), version: 0 },
  };
}

function blocksOf(face: Face<unknown>, items: unknown[]): Block[] {
  return 'blocks' in face ? face.blocks(items) : [{ kind: 'list', items: items.map(face.line) }];
}

function emptyText(of: AnyList, { empty }: Face<unknown>, input: Input): string {
  if (input.after !== undefined) return 'There is nothing more here.';
  return chosenIn(of, input).length ? 'Nothing here is like that. “Show all” leads back to everything.' : empty;
}

const TURNS = [
  { to: 'previous', label: 'Previous' },
  { to: 'next', label: 'Next' },
] as const;

function turns(of: AnyList, face: Face<unknown>, data: Listed<unknown, unknown>, input: Input): Button[] {
  const carried = carriedBy(of, input);
  const turn = (label: string, where: Record<string, string>): Button => ({
    kind: 'button',
    label,
    press: { target: of.name, input: { ...carried, ...where } },
  });
  const around = (face.turns ?? TURNS).flatMap(({ to, label }) => {
    const place = data[to];
    return place ? [turn(label, to === 'next' ? { after: place } : { before: place })] : [];
  });
  const isPastTheEnd = !data.items.length && input.after !== undefined;
  return isPastTheEnd ? [...around, turn('To the beginning', {})] : around;
}

/** A button for each choice by which it can be narrowed further, and one that undoes what was chosen. */
function narrowings(of: AnyList, { previous, next }: Listed<unknown, unknown>, input: Input): Button[] {
  const chosen = chosenIn(of, input);
  // What fits one page is looked through faster than it is narrowed.
  if (!previous && !next && !chosen.length) return [];
  const carried = carriedBy(of, input);
  const choices = filtersOf(of).flatMap(({ name, label, choices }) =>
    choices
      .filter(({ value }) => value !== input[name])
      .map(
        (choice): Button => ({
          kind: 'button',
          label: `${label}: ${choice.label}`,
          word: choice.value.toUpperCase().replaceAll(/[^A-Z]/g, ''),
          place: 'more',
          press: { target: of.name, input: { ...carried, [name]: choice.value } },
        }),
      ),
  );
  const rest = Object.entries(carried).filter(([name]) => !chosen.includes(name));
  const all: Button = {
    kind: 'button',
    label: 'Show all',
    word: 'ALL',
    press: { target: of.name, input: Object.fromEntries(rest) },
  };
  return chosen.length ? [all, ...choices] : choices;
}

function filtersOf({ filters = {} }: AnyList): { name: string; label: string; choices: readonly Choice[] }[] {
  return Object.entries(filters as Fields).map(([name, schema]) => {
    const { label = name, choices = [] } = schema.meta() ?? {};
    return { name, label, choices };
  });
}

/** The filters that are set. */
function chosenIn(of: AnyList, input: Input): string[] {
  return filtersOf(of).flatMap(({ name }) => (input[name] === undefined ? [] : [name]));
}

/** What each press on the list says again: whose it is, and what was chosen. */
function carriedBy({ within = {}, filters = {} }: AnyList, input: Input): Record<string, string> {
  const names = Object.keys({ ...within, ...filters }).filter((name) => input[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, String(input[name])]));
}

const ANY_ID = '00000000-0000-4000-8000-000000000000';

function requireFitting(of: AnyList): void {
  const within = Object.keys(of.within ?? {}).map((name) => [name, ANY_ID]);
  const longest = filtersOf(of).map(({ name, choices }) => [
    name,
    choices.map(({ value }) => value).sort(byLength)[0] ?? '',
  ]);
  encodePress({
    target: of.name,
    input: { ...Object.fromEntries([...within, ...longest]), before: longestCursor(orderOf(of, {}).by) },
  });
}

function byLength(one: string, other: string): number {
  return other.length - one.length;
}
