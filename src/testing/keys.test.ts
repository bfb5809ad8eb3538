import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { asOwner } from './database.ts';
import { fillEveryTable } from './everything.ts';
import type { TestFirm } from './firm.ts';
import { makeFirm } from './firm.ts';

/*
 * Keys of the database that no command ever meets, because its own rule is asked first: they hold where a rule is forgotten.
 */
let app: TestApp;
let firm: TestFirm;
let other: TestFirm;

beforeAll(async () => {
  app = await testApp();
  [firm, other] = [await makeFirm(app.database), await makeFirm(app.database, 'Southwind Studio')];
  await fillEveryTable(app.database, firm);
});
afterAll(() => app.close());

const owner = (text: string, values: unknown[] = []) => asOwner(app.database)(text, values);

describe('the database refuses', () => {
  test('an account that another firm has connected', async () => {
    await owner('insert into connection (tenant_id, id, tool, account) values ($1, gen_random_uuid(), $2, $3)', [
      firm.tenantId,
      'slack',
      'T-SHARED',
    ]);
    await expect(
      owner('insert into connection (tenant_id, id, tool, account) values ($1, gen_random_uuid(), $2, $3)', [
        other.tenantId,
        'slack',
        'T-SHARED',
      ]),
    ).rejects.toMatchObject({ code: '23505', constraint: 'connection_tool_account_key' });
  });

  test('a second open dispute of a cycle', async () => {
    const columns = (await owner(
      `select string_agg(quote_ident(attname), ', ') as names from pg_attribute
       where attrelid = 'dispute'::regclass and attnum > 0 and not attisdropped and attname not in ('id', 'resolved_at')`,
    )) as [{ names: string }];
    const copy = `insert into dispute (id, ${columns[0].names}) select gen_random_uuid(), ${columns[0].names} from dispute limit 1`;

    expect((await owner('select from dispute')).length).toBeGreaterThan(0);
    await owner('update dispute set resolved_at = now()').catch(() => undefined);
    await owner(copy);
    await expect(owner(copy)).rejects.toMatchObject({ code: '23505', constraint: 'dispute_one_open' });
  });
});
