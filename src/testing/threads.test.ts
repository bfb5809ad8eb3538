import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Who } from '../core/kernel/actor.ts';
import { withActor } from '../core/kernel/context.ts';
import { runCommand, showView } from '../core/kernel/registry.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { asOwner } from './database.ts';
import type { TestFirm } from './firm.ts';
import { as, makeFirm } from './firm.ts';
import type { Plan } from './plans.ts';
import { explaining, rowsRead } from './plans.ts';

// A thing's card is drawn anew with each message, wherever it stands: however long the thread, only its end may be read.

const MANY = 3_000;

let app: TestApp;
let firm: TestFirm;
const ids: Record<string, string> = {};

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const run = async (who: Who, name: string, input: Record<string, unknown>) =>
  (await runCommand(app, who, { name, input, requestId: name })).output as { id: string; cycle: string };

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  const { project } = firm.acme;
  const bug = { project, title: 'Something is wrong', description: 'It is broken' };
  const scope = { project, name: 'Checkout', startsOn: '2026-11-02', endsOn: '2026-11-27', deliverables: 'Basket' };
  ids.ticket = (await run(as(firm, firm.acme.approver), 'ticket.file-bug', bug)).id;
  ids.cycle = (await run(as(firm, firm.admin), 'cycle.plan', scope)).cycle;
  for (const [table, of] of [
    ['ticket_message', 'ticket'],
    ['message', 'cycle'],
  ] as const)
    await owner(
      `insert into ${table} (tenant_id, id, ${of}_id, client_id, project_id, internal, by_name, side, channel, body, created_at)
       select tenant_id, gen_random_uuid(), id, client_id, project_id, n % 4 = 0, 'Ann', 'staff', 'slack', 'Said ' || n, now() - n * interval '1 minute'
       from ${of}, generate_series(1, ${MANY}) n where id = $1`,
      [ids[of]],
    );
  await owner('analyze');
}, 60_000);
afterAll(() => app.close());

describe.each([
  ['the team', () => firm.admin],
  ['a contact of one project', () => firm.acme.approver],
])('of a long thread %s', (_who, person) => {
  test.each([
    ['ticket', 'ticket_message'],
    ['cycle', 'message'],
  ])('is shown the end on the card of the %s, and nothing else of it is read', async (name, table) => {
    const who = as(firm, person());
    const input = { [name]: String(ids[name]) };
    const plans: Plan[] = [];
    await withActor(
      app,
      who,
      async (context) => {
        await app.registry.views.get(`${name}.show`)?.read(explaining(context, plans, new Set()), input, {
          ...app.registry,
          draw: async () => [],
        });
      },
      input,
    );
    const read = plans.map((plan) => rowsRead(plan, table));
    const card = await showView(app, who, { target: `${name}.show`, input });

    expect(Math.max(...read)).toBeGreaterThan(0);
    expect(Math.max(...read)).toBeLessThan(300);
    expect(JSON.stringify(card.blocks)).toContain('and more than 100 earlier');
  });
});

test('of a shorter thread it says how many there are, to the last', async () => {
  await owner('delete from message where body not in (select format($1, n) from generate_series(1, 105) n)', [
    'Said %s',
  ]);
  const show = async () =>
    JSON.stringify(
      (await showView(app, as(firm, firm.admin), { target: 'cycle.show', input: { cycle: String(ids.cycle) } })).blocks,
    );

  expect(await show()).toContain('and 100 earlier');
  await owner(`delete from message where body <> 'Said 1'`);
  expect(await show()).not.toContain('earlier');
});
