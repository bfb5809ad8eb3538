import type { Context } from './context.ts';
import type { Key, Kind, Place } from './cursor.ts';
import type { Sql } from './db.ts';
import type { Part } from './sql-parts.ts';
import { joined, textOf } from './sql-parts.ts';

/** In which order a list stands. Everything is in one direction, so that an index of these columns is walked either way. */
export interface Order {
  /** Columns of what the list's statement returns, by their names there; the last is the id. */
  by: Key;
  /** The last first. */
  isDown?: boolean;
  /** The table in which the id is found, where columns are looked up: they are called the same there. */
  of?: string;
}

/**
 * Reads a page: page<Row>`select … where …`. It is as `sql` is, and adds where the page begins, the order, and how many rows there
 * are: the statement itself says none of these, and is the same for all pages. What the order is by must be a column of a table
 * or a `case` of some, and an index must hold them in that order: src/testing/lists.test.ts looks. Names that stand beside a row
 * are subqueries of what is selected and no joins, which PostgreSQL would do for all rows when it takes them for few.
 */
export type Page = Sql;

/**
 * A condition that only a list which is narrowed has: ${when(kind !== undefined)`and t.kind = ${kind}`}. With `kind is null or …`
 * there would be one plan for both, and no index for either.
 */
export function when(isWanted: boolean) {
  return (strings: TemplateStringsArray, ...values: unknown[]): Part => ({ isWanted, strings, values });
}

/** Where a page begins. */
export interface Turn {
  /** The row beside which it begins; null for the first page. */
  from: Place | null;
  /** Towards the beginning. The rows come from `from` on all the same, the nearest first. */
  isBack: boolean;
  limit: number;
}

/** @param places takes where each row stands in the order */
export function pageOf({ sql, actor }: Context, order: Order, turn: Turn, places: Place[]): Page {
  return async <R>(strings: TemplateStringsArray, ...given: unknown[]) => {
    const looked = order.of && turn.from ? [actor.tenantId] : [];
    const { texts, values } = joined(strings, given);
    const statement = statementOf(texts, order, turn);
    const rows = await sql<R & { cursor_place: Place }>(statement, ...values, ...(turn.from ?? []), ...looked);
    return rows.map(({ cursor_place: place, ...row }) => {
      places.push(place);
      return row as R;
    });
  };
}

/** The whole statement: one text for each way to begin, because no index is walked by a condition that is chosen as it runs. */
function statementOf(texts: string[], order: Order, turn: Turn): TemplateStringsArray {
  const { head, tail } = aroundOf(order, turn);
  const parts = [...texts, ...tail.slice(1)];
  parts[0] = head + parts[0];
  parts[texts.length - 1] += tail[0] ?? '';
  return textOf(parts);
}

/** What stands before and behind the list's own statement; the tail in pieces, with the values of the cursor between them. */
function aroundOf({ by, isDown = false, of }: Order, { from, isBack, limit }: Turn): { head: string; tail: string[] } {
  const columns = Object.keys(by).map((name) => `listed."${name}"`);
  const kept = Object.entries(by).filter(([, kind]) => kind !== 'looked up');
  const place = kept.map(([name, kind]) => `${asText(kind, `listed."${name}"`)}::text`).join(', ');
  const isFalling = isDown !== isBack;
  const end = ` order by ${columns.map((column) => `${column}${isFalling ? ' desc' : ''}`).join(', ')} limit ${limit}`;
  const beyond = `) listed where (${columns.join(', ')}) ${isFalling ? '<' : '>'} (`;
  return {
    head: `select listed.*, array[${place}] as cursor_place from (`,
    tail: from === null ? [`) listed${end}`] : tailOf(by, of, beyond, end),
  };
}

function tailOf(by: Key, of: string | undefined, beyond: string, end: string): string[] {
  if (of === undefined) {
    const casts = Object.values(by).map((kind) => `::${TYPES[kind]}`);
    return [beyond, ...casts.slice(0, -1).map((cast) => `${cast}, `), `${casts.at(-1)})${end}`];
  }
  const names = Object.keys(by).map((name) => `a."${name}"`);
  return [
    `${beyond}select ${names.join(', ')} from ${of} a where a.id = `,
    `::uuid and a.tenant_id = `,
    `::uuid)${end}`,
  ];
}

const TYPES: Readonly<Record<Kind, string>> = {
  rank: 'int',
  number: 'int',
  instant: 'timestamptz',
  day: 'date',
  id: 'uuid',
  'looked up': 'text',
};

function asText(kind: Kind, column: string): string {
  return kind === 'instant' ? `(extract(epoch from ${column}) * 1000000)::bigint` : column;
}
