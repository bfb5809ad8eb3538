import pg from 'pg';
import type { Context } from '../core/kernel/context.ts';

/** A statement, and how PostgreSQL ran it. */
export interface Plan {
  text: string;
  /** At first, when it is planned for these values, or later. */
  mode: string;
  root: Node;
}

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
  const run = <R>(text: string) => sql<R>(Object.assign([text], { raw: [text] }));
  const explained: Context['sql'] = async (strings, ...values) => {
    const text = strings.reduce((sum, part, index) => `${sum}$${index}${part}`);
    if (known.has(text)) return sql(strings, ...values);
    known.add(text);
    count += 1;
    const name = `explained_${count}`;
    await run(`prepare ${name} as ${text}`);
    const given = values.length ? `(${values.map(literal).join(', ')})` : '';
    const explain = async (mode: string) => {
      const [row] = await run<{ 'QUERY PLAN': [{ Plan: Node }] }>(
        `explain (analyze, timing off, format json) execute ${name}${given}`,
      );
      if (row) plans.push({ text, mode, root: row['QUERY PLAN'][0].Plan });
    };
    await explain('at first');
    // From the sixth time on PostgreSQL takes one plan for all values, where it thinks it as good.
    for (let time = 0; time < 5; time += 1) await run(`explain execute ${name}${given}`);
    await explain('later');
    await run(`deallocate ${name}`);
    return sql(strings, ...values);
  };
  return Object.create(context, {
    sql: { value: explained },
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

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return pg.escapeLiteral(`{${value.map((one) => JSON.stringify(one)).join(',')}}`);
  if (value instanceof Date) return pg.escapeLiteral(value.toISOString());
  return pg.escapeLiteral(String(value));
}

/** Rows that may be sorted for a page: so few PostgreSQL sorts rather than follow an index, in parts of a millisecond. */
const FEW = 200;
/** Rows of a table that is read as a whole: so many are read faster than an index of them. */
const SMALL = 2_500;
/** Rows that may be looked at and left out on the way to a page. */
const PASSED = 2_500;

/** Where a plan reads a large table from its beginning, or sorts more than it shows. */
export function faultsOf({ text, mode, root }: Plan): string[] {
  const say = (what: string) => `${what} (${mode}) in ${text.replace(/\s+/g, ' ').slice(0, 160)}`;
  return nodesOf(root).flatMap((node) => {
    const { 'Node Type': type, 'Relation Name': table, Plans: children = [] } = node;
    const looked = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
    if (type === 'Seq Scan' && looked > SMALL) return [say(`reads all ${looked} rows of ${table}`)];
    const sorted = children.reduce((sum, child) => sum + child['Actual Rows'], 0);
    if (/Sort/.test(type) && sorted > FEW) return [say(`sorts ${sorted} rows`)];
    if ((node['Rows Removed by Filter'] ?? 0) > PASSED)
      return [say(`passes ${node['Rows Removed by Filter']} rows of ${table} by ${node['Index Name']}`)];
    return [];
  });
}

function nodesOf(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}
