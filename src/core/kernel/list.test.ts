import { expect, test } from '@jest/globals';
import { z } from 'zod';
import type { Context } from './context.ts';
import { list } from './list.ts';
import type { Page } from './list-page.ts';
import { when } from './list-page.ts';

interface Row {
  id: string;
}

const ID = '0b9c1c1e-6c1f-4f43-9a52-0e3c1f0a7b11';

/** A list whose database gives these rows, and the statements that it was asked. */
function listing(rows: (page: Page) => Promise<Row[]>, stored: readonly Row[]) {
  const asked: { statement: string; given: unknown[] }[] = [];
  const sql = async (strings: readonly string[], ...given: unknown[]) => {
    asked.push({ statement: strings.join('?').replaceAll(/\s+/g, ' '), given });
    return stored.map((row) => ({ ...row, cursor_place: [row.id] }));
  };
  const declared = list({
    name: 'thing.list',
    module: null,
    item: z.strictObject({ id: z.string() }),
    summary: z.strictObject({}),
    order: { by: { name: 'looked up', id: 'id' }, of: 'client', isDown: true },
    rows: (_context, page) => rows(page),
    summarize: async () => ({}),
    face: () => ({ title: 'Things', line: ({ id }) => ({ text: id }), empty: 'None', fallback: 'Things' }),
  });
  const read = (input: object) => {
    const context = { sql, actor: { tenantId: 'the firm' } } as unknown as Context;
    return declared.read(context, declared.input.parse(input), { words: new Map() } as never);
  };
  return { asked, read };
}

const things = (kind: string | undefined) => (page: Page) =>
  page<Row>`select id, name from client where name <> ${'x'} ${when(kind !== undefined)`and timezone = ${kind}`}`;

test('a page is the list’s own statement between its place and its order', async () => {
  const { asked, read } = listing(things(undefined), []);
  await read({});
  expect(asked).toEqual([
    {
      statement:
        'select listed.*, array[listed."id"::text] as cursor_place from (select id, name from client where name <> ? ) listed order by listed."name" desc, listed."id" desc limit 11',
      given: ['x'],
    },
  ]);
});

test('a page that begins at an item asks for those behind it, and one that goes back for those before it', async () => {
  const after = Buffer.from(ID.replaceAll('-', ''), 'hex').toString('base64url');
  const { asked, read } = listing(things('big'), []);
  await read({ after });
  await read({ before: after });
  expect(asked[0]).toEqual({
    statement: expect.stringContaining(
      'and timezone = ?) listed where (listed."name", listed."id") < (select a."name", a."id" from client a where a.id = ?::uuid and a.tenant_id = ?::uuid) order by listed."name" desc',
    ),
    given: ['x', 'big', ID, 'the firm'],
  });
  expect(asked[1]?.statement).toContain('> (select a."name", a."id" from client a');
  expect(asked[1]?.statement).toContain('order by listed."name", listed."id" limit 11');
  // Nothing stood before it: the beginning is read.
  expect(asked[2]?.statement).not.toContain(' < ');
});

test('items tell nothing of where they stand, and a list that leaves out rows which it read is refused', async () => {
  expect(await listing(things(undefined), [{ id: ID }]).read({})).toEqual({
    items: [{ id: ID }],
    previous: null,
    next: null,
    summary: {},
  });
  const dropping = listing(async (page) => (await things(undefined)(page)).slice(1), [{ id: ID }]);
  await expect(dropping.read({})).rejects.toThrow('thing.list made 0 items of the 1 rows that it read');
});
