import pg from 'pg';
import type { Context } from '../core/kernel/context.ts';
import { SIZE } from '../core/kernel/list.ts';

/** A statement, and how PostgreSQL ran it. */
export interface Plan {
  text: string;
  mode: Mode;
  root: Node;
}

/** At first it is planned for these values, later once for all; and the same with sorting put off, to see whether an index could do it. */
type Mode = 'at first' | 'later' | 'if it may not sort';

interface Node {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  Plans?: Node[];
}

/**
 * The same context, which keeps the plans of what is read.
 * @param known statements whose plans are known: they are read, and not explained again
 */
export function explaining(context: Context, plans: Plan[], known: Set<string>): Context {
  const { sql } = context;
  const explain = async <R>(strings: TemplateStringsArray, ...values: unknown[]): Promise<R[]> => {
    const text = strings.reduce((sum, part, index) => `${sum}$${index}${part}`);
    if (!known.has(text)) plans.push(...(await plansOf(sql, text, values)));
    known.add(text);
    return sql<R>(strings, ...values);
  };
  // One after the other: a list asks for its page and its summary at once, and sorting is put off for one of them.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn: Context['sql'] = <R>(strings: TemplateStringsArray, ...values: unknown[]) => {
    const rows = last.then(() => explain<R>(strings, ...values));
    last = rows.catch(() => undefined);
    return rows;
  };
  return Object.create(context, {
    sql: { value: inTurn },
    prisma: {
      get: () => {
        throw new Error(
          'a list reads its rows with page`…`, so that its order can be an index: see kernel/list-page.ts',
        );
      },
    },
  }) as Context;
}

let count = 0;

async function plansOf(sql: Context['sql'], text: string, values: unknown[]): Promise<Plan[]> {
  const run = <R>(statement: string) => sql<R>(Object.assign([statement], { raw: [statement] }));
  const given = values.length ? `(${values.map(literal).join(', ')})` : '';
  const prepared = async (work: (execute: string) => Promise<Plan[]>) => {
    count += 1;
    await run(`prepare explained_${count} as ${text}`);
    const plans = await work(`execute explained_${count}${given}`);
    await run(`deallocate explained_${count}`);
    return plans;
  };
  const planned = async (mode: Mode, execute: string): Promise<Plan> => {
    const [row] = await run<{ 'QUERY PLAN': [{ Plan: Node }] }>(
      `explain (analyze, timing off, format json) ${execute}`,
    );
    if (!row) throw new Error(`there is no plan of ${text}`);
    return { text, mode, root: row['QUERY PLAN'][0].Plan };
  };
  const asItIs = await prepared(async (execute) => {
    const first = await planned('at first', execute);
    // From the sixth time on PostgreSQL takes one plan for all values, where it thinks it as good.
    for (let time = 0; time < 5; time += 1) await run(`explain ${execute}`);
    return [first, await planned('later', execute)];
  });
  await run(sorting('off'));
  const unsorted = await prepared(async (execute) => [await planned('if it may not sort', execute)]);
  await run(sorting('on'));
  return [...asItIs, ...unsorted];
}

/** Off, PostgreSQL sorts only what no index holds in order. */
function sorting(to: 'on' | 'off'): string {
  return `select set_config(name, '${to}', true) from unnest(array['enable_sort', 'enable_incremental_sort']) name`;
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return pg.escapeLiteral(`{${value.map((one) => JSON.stringify(one)).join(',')}}`);
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString());
  return pg.escapeLiteral(String(value));
}

/** Rows of a page, with the one that tells whether there are more: whatever can grow beyond these must come from an index in order. */
const PAGE = SIZE + 1;
/**
 * Rows that PostgreSQL may sort by its own choice, although an index holds them in order: so few it sorts in parts of a millisecond,
 * and it reads them by the index that narrows best. That this does not grow with them is what is asked when it may not sort.
 */
const CHOSEN = 200;
/** Rows of a table that is read as a whole: so many are read faster than an index of them. */
const SMALL = 2_500;
/** Rows that may be looked at and left out on the way to a page. */
const PASSED = 2_500;

/** Where a plan reads a large table from its beginning, or sorts more than it shows. */
export function faultsOf({ text, mode, root }: Plan): string[] {
  const say = (what: string) => `${what} (${mode}) in ${text.replace(/\s+/g, ' ').slice(0, 160)}`;
  return nodesOf(root).flatMap((node) => {
    const { 'Node Type': type, 'Relation Name': table, Plans: children = [] } = node;
    const sorted = /Sort/.test(type) ? children.reduce((sum, child) => sum + child['Actual Rows'], 0) : 0;
    if (mode === 'if it may not sort')
      return sorted > PAGE ? [say(`has no index for the order of ${sorted} rows`)] : [];
    const looked = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
    if (type === 'Seq Scan' && looked > SMALL) return [say(`reads all ${looked} rows of ${table}`)];
    if (sorted > CHOSEN) return [say(`sorts ${sorted} rows`)];
    if ((node['Rows Removed by Filter'] ?? 0) > PASSED)
      return [say(`passes ${node['Rows Removed by Filter']} rows of ${table} by ${node['Index Name']}`)];
    return [];
  });
}

/** How many rows of a table were looked at. */
export function rowsRead({ root }: Plan, table: string): number {
  return nodesOf(root)
    .filter((node) => node['Relation Name'] === table)
    .reduce(
      (sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'],
      0,
    );
}

function nodesOf(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
