import type { PGlite } from '@electric-sql/pglite';

/** A column of what a statement returns. */
export interface Column {
  name: string;
  /** PostgreSQL's name of its type, like text or int4; _text is an array of text. */
  type: string;
  /** May it be null? Undefined where only a reader can tell: an expression, or a column of a subquery. */
  nullable: boolean | undefined;
}

/**
 * What a statement returns, as PostgreSQL describes it without running it.
 * @throws Error with PostgreSQL's words when it cannot be prepared
 */
export async function describe(db: PGlite, text: string): Promise<Column[]> {
  const { resultFields } = await db.describeQuery(text);
  if (!resultFields.length) return [];
  const types = await typeNames(db);
  const outputs = await outputsOf(db, text);
  return resultFields.map(({ name, dataTypeID }, index) => ({
    name,
    type: types.get(dataTypeID) ?? '?',
    nullable: outputs?.length === resultFields.length ? outputs[index] : undefined,
  }));
}

let names: Promise<Map<number, string>> | null = null;

function typeNames(db: PGlite): Promise<Map<number, string>> {
  names ??= db
    .query<{ oid: number; typname: string }>('select oid::int, typname from pg_type')
    .then(({ rows }) => new Map(rows.map(({ oid, typname }) => [oid, typname])));
  return names;
}

interface Plan {
  'Node Type': string;
  'Join Type'?: string;
  'Parent Relationship'?: string;
  Alias?: string;
  Schema?: string;
  'Relation Name'?: string;
  Output?: string[];
  Plans?: Plan[];
}

/** Per column whether it may be null, read off the plan: that of a table's column, or of one that an outer join may leave empty. */
async function outputsOf(db: PGlite, text: string): Promise<(boolean | undefined)[] | null> {
  const plan = await planOf(db, text);
  if (!plan) return null;
  const tables = new Map<string, string>();
  const optional = new Set<string>();
  gather(plan, false, tables, optional);
  const required = await requiredColumns(db);
  return (plan.Output ?? []).map((output) => {
    const named = /^(?:"?(\w+)"?\.)?"?(\w+)"?$/.exec(output);
    if (!named) return undefined;
    // Without its table's name where there is but one.
    const [, alias = [...tables.keys()][0] ?? '', column = ''] = named;
    const table = tables.get(alias);
    if (!table) return undefined;
    // Said in the statement itself, a reader may rely on it.
    if (new RegExp(`\\b${column} is not null`, 'i').test(text)) return undefined;
    return optional.has(alias) || !required.has(`${table}.${column}`);
  });
}

async function planOf(db: PGlite, text: string): Promise<Plan | null> {
  if (!/^\s*(select|with|insert|update|delete)\b/i.test(text)) return null;
  // In the simple protocol, which binds no values. What cannot be planned without them says nothing.
  const [result] = await db.exec(`explain (generic_plan, verbose, format json) ${text}`).catch(() => []);
  const [row] = (result?.rows ?? []) as { 'QUERY PLAN': { Plan: Plan }[] }[];
  return row?.['QUERY PLAN'][0]?.Plan ?? null;
}

/** Aliases of tables, and those among them that an outer join may leave empty. */
function gather(plan: Plan, empty: boolean, tables: Map<string, string>, optional: Set<string>): void {
  const { Alias: alias, 'Relation Name': relation, Schema: schema } = plan;
  if (alias && relation) {
    // Twice in one statement, it cannot be told which one a column comes from.
    tables.set(alias, tables.has(alias) ? '' : `${schema}.${relation}`);
    if (empty) optional.add(alias);
  }
  const join = plan['Join Type'];
  for (const child of plan.Plans ?? []) {
    const side = child['Parent Relationship'];
    const left = side === 'Inner' && (join === 'Left' || join === 'Full');
    const right = side === 'Outer' && (join === 'Right' || join === 'Full');
    gather(child, empty || left || right, tables, optional);
  }
}

let required: Promise<Set<string>> | null = null;

function requiredColumns(db: PGlite): Promise<Set<string>> {
  required ??= db
    .query<{ name: string }>(
      `select format('%s.%s.%s', c.relnamespace::regnamespace, c.relname, a.attname) as name
       from pg_attribute a join pg_class c on c.oid = a.attrelid where a.attnotnull and a.attnum > 0`,
    )
    .then(({ rows }) => new Set(rows.map(({ name }) => name)));
  return required;
}
