import { randomUUID } from 'node:crypto';
import type { OwnerQuery } from './database.ts';

/** Whose a row is to be: the columns of these names, as far as a table has them. */
export type Owned = Readonly<Record<'tenant_id' | 'client_id' | 'project_id', string>>;

interface Column {
  name: string;
  type: string;
  required: boolean;
  /** What a check says it may be, as PostgreSQL writes it; '' without one. */
  check: string;
}

interface Reference {
  columns: string[];
  table: string;
  keys: string[];
}

/**
 * Puts rows into a table of which nothing is known but what the catalogue says: one with what must be there, and one with all
 * that may be, for each owner.
 * @returns false when a table that it refers to has no rows of that owner yet
 * @throws Error when a check asks for more than values of the right type
 */
export async function fillTable(owner: OwnerQuery, table: string, owned: readonly Owned[]): Promise<boolean> {
  const columns = await columnsOf(owner, table);
  const references = await referencesOf(owner, table);
  const has = (name: string) => columns.some((column) => column.name === name);
  const distinct = new Map(
    owned.map((one) => [[has('client_id') && one.client_id, has('project_id') && one.project_id].join(), one]),
  );
  for (const one of distinct.values()) {
    const required = await rowOf(owner, { columns: columns.filter(({ required }) => required), references, one });
    const full = await rowOf(owner, { columns, references, one, full: true });
    if (!required || !full) return false;
    await insert(owner, table, required).catch((error: Error) => {
      throw new Error(
        `no row of ${table} can be made from its columns alone, put some into everything.ts: ${error.message}`,
      );
    });
    // What may not be there together is left out: the first row stands.
    await insert(owner, table, full).catch((error: Error & { code?: string }) => {
      if (error.code !== '23514') throw error;
    });
  }
  return true;
}

async function insert(owner: OwnerQuery, table: string, row: Map<string, unknown>): Promise<void> {
  const names = [...row.keys()];
  await owner(
    `insert into ${table} (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')})`,
    [...row.values()],
  );
}

/** The columns that a row must or may be given a value for. */
async function columnsOf(owner: OwnerQuery, table: string): Promise<Column[]> {
  const rows = await owner(
    `select a.attname as name, format_type(a.atttypid, null) as type,
      a.attname in ('tenant_id', 'client_id', 'project_id') or (a.attnotnull and not a.atthasdef) as required,
      coalesce((select string_agg(pg_get_constraintdef(k.oid), ' ') from pg_constraint k
        where k.conrelid = a.attrelid and k.contype = 'c' and k.conkey = array[a.attnum]), '') as check
     from pg_attribute a where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped
       and a.attidentity = '' and a.attgenerated = '' order by a.attnum`,
    [table],
  );
  return rows as unknown as Column[];
}

async function referencesOf(owner: OwnerQuery, table: string): Promise<Reference[]> {
  const names = (columns: string, relation: string) =>
    `(select array_agg(a.attname::text order by n) from unnest(${columns}) with ordinality u (num, n)
      join pg_attribute a on a.attrelid = ${relation} and a.attnum = u.num)`;
  const rows = await owner(
    `select ${names('k.conkey', 'k.conrelid')} as columns, k.confrelid::regclass::text as table, ${names('k.confkey', 'k.confrelid')} as keys
     from pg_constraint k where k.conrelid = $1::regclass and k.contype = 'f' order by cardinality(k.conkey) desc`,
    [table],
  );
  return rows as unknown as Reference[];
}

interface Wanted {
  columns: Column[];
  references: Reference[];
  one: Owned;
  full?: boolean;
}

/** @returns null when something it must refer to is not there */
async function rowOf(owner: OwnerQuery, wanted: Wanted): Promise<Map<string, unknown> | null> {
  const { columns, references, one, full = false } = wanted;
  const row = new Map<string, unknown>();
  for (const { name } of columns) if (name in one) row.set(name, one[name as keyof Owned]);
  for (const reference of references) {
    const open = reference.columns.filter((name) => columns.some((column) => column.name === name) && !row.has(name));
    if (!open.length) continue;
    const found = await referred(owner, reference, one, row);
    if (!found && columns.some(({ name, required }) => required && open.includes(name))) return null;
    for (const name of open) row.set(name, found?.[reference.keys[reference.columns.indexOf(name)] ?? ''] ?? null);
  }
  for (const column of columns) if (!row.has(column.name)) row.set(column.name, valueFor(column, full));
  return row;
}

/** Some row that a foreign key may point at: of the same firm, client and project. */
async function referred(
  owner: OwnerQuery,
  { columns, table, keys }: Reference,
  one: Owned,
  row: Map<string, unknown>,
): Promise<Record<string, unknown> | undefined> {
  const there = new Set((await columnsOf(owner, table)).map(({ name }) => name));
  const known = new Map<string, unknown>(Object.entries(one).filter(([name]) => there.has(name)));
  for (const [index, name] of columns.entries()) if (row.has(name)) known.set(keys[index] ?? '', row.get(name));
  const where = [...known.keys()].map((name, index) => `${name} = $${index + 1}`).join(' and ');
  const [found] = await owner(`select ${keys.join(', ')} from ${table} where ${where || 'true'} limit 1`, [
    ...known.values(),
  ]);
  return found;
}

function valueFor({ name, type, check }: Column, full: boolean): unknown {
  const allowed = /'((?:[^']|'')*)'::/.exec(check)?.[1];
  if (type.endsWith('[]')) return [];
  switch (type) {
    case 'uuid':
      return randomUUID();
    case 'boolean':
      return full;
    case 'jsonb':
    case 'json':
      return '{}';
    case 'bytea':
      return Buffer.from(name);
    case 'date':
    case 'timestamp with time zone':
    case 'timestamp without time zone':
      return '2026-11-25';
    case 'text':
    case 'character varying':
      return allowed || `${name} ${randomUUID()}`;
    default:
      return 1;
  }
}
