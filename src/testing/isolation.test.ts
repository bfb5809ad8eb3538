import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { asOwner } from './database.ts';
import { fillEveryTable } from './everything.ts';
import { makeFirm } from './firm.ts';
import type { FilledFirm, Table } from './isolation.ts';
import { allRows, breaches, keysChanged, tenantTables, viewersOf } from './isolation.ts';

let app: TestApp;
let firms: FilledFirm[];
let tables: Table[];

beforeAll(async () => {
  app = await testApp();
  firms = [];
  for (const name of ['Northwind Studio', 'Rival & Sons']) {
    const firm = await makeFirm(app.database, name);
    firms.push({ firm, filled: await fillEveryTable(app.database, firm) });
  }
  tables = await tenantTables(app);
});
afterAll(() => app.close());

/** Walks one table: every kind of actor of both firms, without any WHERE. */
async function walk(table: Table): Promise<string[]> {
  const rows = await allRows(app, table);
  const found: string[] = [];
  for (const viewer of firms.flatMap(viewersOf)) found.push(...(await breaches(app, table, viewer, rows)));
  return found;
}

describe('what keeps firms and clients apart', () => {
  test('every table has rows of both firms, so that the matrix can fail', async () => {
    for (const { name: table } of tables) {
      const [counted] = await asOwner(app.database)(
        `select count(distinct ${table === 'firm' ? 'id' : 'tenant_id'}) as firms from ${table}`,
      );
      expect({ table, firms: counted?.firms }).toEqual({ table, firms: 2 });
    }
  });

  test('every actor sees exactly the rows that are theirs, in every table', async () => {
    const found: string[] = [];
    for (const table of tables) found.push(...(await walk(table)));
    expect(found).toEqual([]);
    console.log(`isolation: ${tables.length} tables × ${firms.flatMap(viewersOf).length} actors of two firms`);
  });

  test('nobody changes a row of another firm, or of a client that is not theirs', async () => {
    for (const { name: table } of tables) {
      for (const [index, { firm, viewer }] of firms
        .flatMap((one) => viewersOf(one).map((viewer) => ({ firm: one.firm, viewer })))
        .entries()) {
        const { reach, name } = viewer;
        const changed = await keysChanged(app, table, viewer);
        const foreign = changed.filter(
          (row) =>
            (table === 'firm' ? row.id : row.tenant_id) !== firm.tenantId ||
            (reach.kind === 'contact' && 'client_id' in row && row.client_id !== reach.client) ||
            (reach.kind === 'clients' && 'client_id' in row && !reach.clients.includes(row.client_id as string)),
        );
        expect({ table, actor: `${index} ${name}`, foreign }).toEqual({
          table,
          actor: `${index} ${name}`,
          foreign: [],
        });
      }
    }
  });

  test('the matrix sees it when any one policy is missing', async () => {
    const owner = asOwner(app.database);
    const policies =
      await owner(`select p.polname as name, c.relname as "table", array_to_string(array(select r.rolname from pg_roles r where r.oid = any(p.polroles) order by 1), ', ') as roles, p.polcmd as kind
      from pg_policy p join pg_class c on c.oid = p.polrelid where not exists (select from pg_roles r where r.oid = any(p.polroles) and r.rolname = 'parley_gate') and p.polcmd in ('*', 'r')`);
    const unseen: unknown[] = [];
    for (const { name, table, roles } of policies) {
      await owner(`alter policy ${name} on ${table} to parley_gate`);
      const walked = tables.find((one) => one.name === table);
      if (!walked || !(await walk(walked)).length) unseen.push(name);
      await owner(`alter policy ${name} on ${table} to ${roles}`);
    }
    expect(policies.length).toBeGreaterThan(50);
    expect(unseen).toEqual([]);
    console.log(`isolation: ${policies.length} policies dropped one at a time, each noticed`);
  });

  test('the matrix sees it when any one table loses its protection', async () => {
    const owner = asOwner(app.database);
    const unseen: string[] = [];
    for (const table of tables) {
      await owner(`alter table ${table.name} disable row level security`);
      if (!(await walk(table)).length) unseen.push(table.name);
      await owner(`alter table ${table.name} enable row level security`);
    }
    expect(unseen).toEqual([]);
  });
});
