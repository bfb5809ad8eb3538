/**
 * Compares prisma/migrations with prisma/schema.prisma: the migrations are applied in order to an in-memory database, and
 * Prisma's schema engine says what would still have to change for it to equal the schema.
 *
 * Exit code 0: equal. 2: drift, the missing SQL is printed. 1: a migration failed, or a file is not there or not readable.
 *
 * What the schema language cannot say is no drift. Prisma never looks at roles, policies, functions, triggers, check constraints,
 * views, sequences of our own and other schemas than `public`; `forgetUnmodelled` takes away the rest before the comparison.
 *
 * Usage: node scripts/check-drift.ts [folder that holds schema.prisma and migrations/]
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import {
  bindMigrationAwareSqlAdapterFactory,
  type ColumnType,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';

// See src/core/kernel/db.ts.
setFlagsFromString('--no-wasm-code-gc');

const folder = resolve(process.argv[2] ?? join(import.meta.dirname, '../prisma'));
const schemaFile = join(folder, 'schema.prisma');

try {
  process.exitCode = await compare();
} catch (error) {
  console.error(`check-drift: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function compare(): Promise<number> {
  if (!existsSync(schemaFile)) throw new Error(`${schemaFile} is not there.`);
  const database = await PGlite.create();
  const names = migrationNames();
  for (const name of names) await apply(database, name);
  await forgetUnmodelled(database);
  const missing = await missingSql(database);
  await database.close();
  if (missing === null) {
    console.log(`check-drift: ${names.length} migrations give exactly what schema.prisma describes.`);
    return 0;
  }
  console.error(
    'check-drift: the migrations and schema.prisma differ. Add a migration that does this, or correct the schema:\n',
  );
  console.error(missing);
  return 2;
}

/** The folders of prisma/migrations, in the order in which Prisma applies them. */
function migrationNames(): string[] {
  const base = join(folder, 'migrations');
  if (!existsSync(base)) return [];
  return readdirSync(base)
    .filter((name) => existsSync(join(base, name, 'migration.sql')))
    .sort();
}

async function apply(db: PGlite, name: string): Promise<void> {
  try {
    await db.exec(readFileSync(join(folder, 'migrations', name, 'migration.sql'), 'utf8'));
  } catch (error) {
    throw new Error(`migration ${name} failed: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Prisma reads a partial or an expression index as if it were a plain one that the schema lacks, and a generated column's
 * expression as a default. Constraints that no index of Prisma's can hold (exclusion) go too. No foreign key rests on these.
 */
async function forgetUnmodelled(db: PGlite): Promise<void> {
  const { rows } = await db.query<{ statement: string }>(`
    select case when c.conname is null
      then format('drop index %s', i.indexrelid::regclass)
      else format('alter table %s drop constraint %I', i.indrelid::regclass, c.conname)
    end as statement
    from pg_index i
    join pg_class t on t.oid = i.indrelid
    left join pg_constraint c on c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x')
    where t.relnamespace = 'public'::regnamespace
      and (i.indpred is not null or i.indexprs is not null or c.contype = 'x')
    union all
    select format('alter table %s alter column %I drop expression', a.attrelid::regclass, a.attname)
    from pg_attribute a
    join pg_class t on t.oid = a.attrelid
    where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and a.attgenerated = 's'`);
  for (const row of rows) await db.exec(row.statement);
}

/** The SQL that would bring `db` to the schema, or null when there is nothing to do. */
async function missingSql(db: PGlite): Promise<string | null> {
  const schema = { files: [{ path: schemaFile, content: readFileSync(schemaFile, 'utf8') }] };
  const datamodels = schema.files.map((file): [string, string] => [file.path, file.content]);
  const engine = await SchemaEngine.new({ datamodels }, () => {}, bindMigrationAwareSqlAdapterFactory(adapterOn(db)));
  const result = await engine.diff({
    from: { tag: 'schemaDatasource', ...schema, configDir: folder },
    to: { tag: 'schemaDatamodel', ...schema },
    script: true,
    exitCode: true,
    filters: { externalTables: ['public._prisma_migrations'], externalEnums: [] },
  });
  engine.free();
  return result.exitCode === 0 ? null : (result.stdout ?? '(the engine gave no text)');
}

/**
 * What the schema engine needs of a database: queries on the catalogue. (`@prisma/adapter-pg` cannot serve here: it has no
 * "char", in which the catalogue keeps its one-letter kinds.)
 */
function adapterOn(db: PGlite): SqlMigrationAwareDriverAdapterFactory {
  const about = { provider: 'postgres', adapterName: 'embedded-catalogue' } as const;
  const parsers = { 20: String, 26: String }; // the engine takes 64-bit numbers as text
  const connect = async (): Promise<SqlDriverAdapter> => ({
    ...about,
    async queryRaw(query) {
      const { fields, rows } = await db.query<unknown[]>(query.sql, query.args, { rowMode: 'array', parsers });
      return {
        columnNames: fields.map((field) => field.name),
        columnTypes: fields.map((field) => columnType(field.dataTypeID)),
        rows,
      };
    },
    executeRaw: async (query) => (await db.query(query.sql, query.args)).affectedRows ?? 0,
    executeScript: async (sql) => void (await db.exec(sql)),
    startTransaction: () => Promise.reject(new Error('a comparison only reads')),
    getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
    dispose: async () => {},
  });
  return { ...about, connect, connectToShadowDb: connect };
}

/** The types that catalogue queries answer with, by PostgreSQL's type number; everything else reads as text. */
function columnType(oid: number): ColumnType {
  switch (oid) {
    case 16:
      return ColumnTypeEnum.Boolean;
    case 18:
      return ColumnTypeEnum.Character;
    case 20:
    case 26:
      return ColumnTypeEnum.Int64;
    case 21:
    case 23:
      return ColumnTypeEnum.Int32;
    case 1002:
      return ColumnTypeEnum.CharacterArray;
    case 1003:
    case 1009:
      return ColumnTypeEnum.TextArray;
    case 1005:
    case 1007:
      return ColumnTypeEnum.Int32Array;
    case 1016:
    case 1028:
      return ColumnTypeEnum.Int64Array;
    default:
      return ColumnTypeEnum.Text;
  }
}
