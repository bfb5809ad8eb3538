import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..');
// In the project, so that the types of its packages are found.
const folder = mkdtempSync(join(root, 'node_modules/.parley-sql-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HEAD = `import type { Sql } from '${root}/src/core/kernel/db.ts';
import type pg from 'pg';
declare const sql: Sql;
declare const context: { sql: Sql };
declare const client: pg.Client;
declare function ask<R>(statement: { text: string; values: unknown[] }): Promise<R[]>;
declare const id: string;
declare function when(isWanted: boolean): (strings: TemplateStringsArray, ...values: unknown[]) => unknown;
`;

/** What the check says of these statements, one on each line; #{…} stands for what the code puts in. */
function check(lines: string[]): { status: number | null; said: string[] } {
  const file = join(folder, 'statements.ts');
  writeFileSync(file, HEAD + lines.join('\n').replaceAll('#{', '${'));
  const before = HEAD.split('\n').length;
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/check-sql.ts'), file], {
    encoding: 'utf8',
  });
  const said = (stderr + stdout).split('\n').flatMap((line) => {
    const [, at, fault] = /statements\.ts:(\d+): (.*)/.exec(line) ?? [];
    return at ? [`${Number(at) - before}: ${fault}`] : [];
  });
  return { status, said };
}

test('a statement of which something is not there, or comes as something else than declared, is refused', () => {
  const { status, said } = check([
    'sql`select nothing_of_the_kind from ticket`;',
    'context.sql`update nowhere set title = #{id}`;',
    "client.query('select no_such_function($1)', [id]);",
    "ask<{ tenant: string }>({ text: 'select parley_card_tenant($1) as id', values: [id] });",
    'sql<{ title: number; number: number }>`select title, number from ticket where id = #{id}`;',
    'sql<{ category: string; due_on: Date | null }>`select category, due_on from ticket`;',
    'sql<{ original: string }>`select o.title as original from ticket t left join ticket o on o.tenant_id = t.tenant_id and o.id = t.duplicate_of`;',
    'sql<{ links: string; at: string }>`select links, created_at as at from ticket`;',
    'sql<{ title: any }>`select title from ticket`;',
    'sql`select t.id, p.id from ticket t join project p on p.tenant_id = t.tenant_id and p.id = t.project_id`;',
    'sql<{ status: "new" | 7 }>`insert into ticket (id) values (#{id}) returning status`;',
    "const LOST = 'where no_column = 1';",
    'client.query(`select id from ticket #{LOST}`);',
    'const PART = when(true)`select nothing_here, #{id} as it from ticket`;',
    'sql`#{PART} where id = #{id}`;',
    'function about(wanted: string) { return when(wanted !== id)`and not_there = #{wanted}`; }',
    'sql`select from ticket where id = #{id} #{about(id)}`;',
  ]);

  expect(said).toEqual([
    '0: column "nothing_of_the_kind" does not exist',
    '1: relation "nowhere" does not exist',
    '2: function no_such_function(unknown) does not exist',
    '3: a row has no column tenant: it has id',
    '4: title is declared as number, and text comes as string',
    '5: category may be null: say string | null',
    '5: due_on is declared as Date | null, and date comes as string',
    '6: original may be null: say string | null',
    '7: links is declared as string, and _text comes as string[]',
    '7: at is declared as string, and timestamptz comes as Date',
    '8: title is declared as any: say string',
    '9: two columns are called id',
    '10: status is declared as "new" | 7, and text comes as string',
    '12: column "no_column" does not exist',
    '14: column "nothing_here" does not exist',
    '16: column "not_there" does not exist',
  ]);
  expect(status).toBe(2);
}, 120_000);

test('what is declared as it comes, or narrower, passes', () => {
  const { status, said } = check([
    'type Status = "new" | "declined";',
    'sql<{ number: number; status: Status; due_on: string | null; at: Date; links: readonly string[]; active: boolean }>`',
    '  select t.number, t.status, t.due_on, t.created_at as at, t.links, p.active from ticket t',
    '  join person p on p.tenant_id = t.tenant_id and p.id = t.reporter_id where t.id = #{id}`;',
    'sql<{ owner_id: string }>`select owner_id from ticket where owner_id is not null`;',
    'sql<{ count: number; settings: { a: string }; body: Buffer; ids: string[] | null }>`',
    "  select count(*) as count, '{}'::jsonb as settings, ''::bytea as body, array_agg(id) as ids from ticket`;",
    'sql<{ title: unknown }>`select *, count(*) over () as total from ticket limit #{1} offset #{0}`;',
    "client.query<{ worked: boolean }>('select exists (select from pgboss.job) as worked');",
    'sql`select from ticket where id = #{id} for update skip locked`;',
  ]);

  expect(said).toEqual([]);
  expect(status).toBe(0);
}, 120_000);
