import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { areas } from '../core/areas.ts';
import type { Who } from '../core/kernel/actor.ts';
import type { Context } from '../core/kernel/context.ts';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import type { AnyView } from '../core/kernel/view.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { asOwner } from './database.ts';
import type { Made, Stage } from './examples.ts';
import { examplesOf, givenFor, madeOn, stageOf } from './examples.ts';
import type { TestFirm } from './firm.ts';
import { makeFirm } from './firm.ts';
import { fillLargely } from './large-tables.ts';
import type { Plan } from './plans.ts';
import { explaining, faultsOf } from './plans.ts';

// Every list of the registry, by each filter, at the beginning and in the middle of its order, forth and back, as PostgreSQL plans
// it over large tables: no list is named here.

let app: TestApp;
let firm: TestFirm;
let stage: Stage;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  stage = stageOf(app, firm, firm.acme, 'Quince');
});
afterAll(() => app.close());

const READERS = ['admin', 'member', 'client admin', 'approver'] as const;

const LISTS = areas.flatMap((area) =>
  (area.views ?? []).filter(({ list }) => list).map((view) => ({ area, view: view as AnyView, name: view.name })),
);

describe('over tables of the size that a busy firm has after years', () => {
  const made = new Map<string, Made>();
  const turned: string[] = [];
  beforeAll(async () => {
    for (const area of new Set(LISTS.map((one) => one.area)))
      made.set(area.name, await madeOn(stage, await examplesOf(area)));
    await fillLargely(asOwner(app.database), firm);
  }, 240_000);

  test('there are lists, and large tables', async () => {
    const large = await asOwner(app.database)(
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and reltuples >= 20000`,
    );
    expect(LISTS.length).toBeGreaterThan(8);
    expect(large.map(({ name }) => name)).toEqual(expect.arrayContaining(['ticket', 'ticket_message', 'message']));
  });

  test.each(LISTS)('$name walks an index', async ({ area, view }) => {
    const examples = await examplesOf(area);
    const given = givenFor(examples, view, made.get(area.name) ?? {});
    const within = Object.fromEntries(
      Object.keys(shapeOf(view)).flatMap((name) =>
        // What narrows it is tried below; another input of the area may have that name.
        given[name] === undefined || name in (view.list?.filters ?? {}) ? [] : [[name, given[name] as string]],
      ),
    );
    const faults: string[] = [];
    const pages = new Set<number>();
    for (const role of READERS) {
      const known = new Set<string>();
      for (const chosen of choicesOf(view)) {
        const read = await plansOf(view, stage.roles[role], { ...within, ...chosen }, known);
        pages.add(read.pages);
        faults.push(...read.plans.flatMap(faultsOf).map((fault) => `${role} ${JSON.stringify(chosen)}: ${fault}`));
      }
    }
    expect(faults).toEqual([]);
    expect(Math.max(...pages)).toBeGreaterThan(0);
    if (pages.has(3)) turned.push(view.name);
  });

  test('an order that no index holds is found, of however few rows that cannot all be on one page', async () => {
    const plans: Plan[] = [];
    await withActor(app, stage.roles.admin, async (context) => {
      const { sql } = explaining(context, plans, new Set());
      await sql`select id from person where client_id = (select id from client where name like 'Client %' limit 1) order by timezone, id limit 11`;
    });

    expect(plans.flatMap(faultsOf)).toEqual([expect.stringContaining('has no index for the order of 25 rows')]);
  });

  test('of most of them somebody turned the pages, forth and back', () => {
    expect(turned.length).toBeGreaterThan(LISTS.length * 0.7);
  });
});

/** Nothing chosen, and each choice of each filter alone. */
function choicesOf({ list }: AnyView): Record<string, string>[] {
  const filters = Object.entries(list?.filters ?? {});
  return [
    {},
    ...filters.flatMap(([name, schema]) =>
      ((schema.meta()?.choices as { value: string }[] | undefined) ?? []).map(({ value }) => ({ [name]: value })),
    ),
  ];
}

function shapeOf({ input }: AnyView): object {
  return (input as unknown as { shape: object }).shape;
}

/** The plans of the first page, of the next one, and of the way back from there; none where the actor may not see the list. */
async function plansOf(
  view: AnyView,
  who: Who,
  input: Record<string, string>,
  known: Set<string>,
): Promise<{ plans: Plan[]; pages: number }> {
  const plans: Plan[] = [];
  const read = (where: Record<string, string>) =>
    withActor(
      app,
      who,
      (context: Context) =>
        view.read(explaining(context, plans, known), view.input.parse({ ...input, ...where }), {
          ...app.registry,
          draw: async () => [],
        }) as Promise<Page>,
      { ...input, ...where },
    );
  const first = await read({}).catch((error: unknown) => {
    if (error instanceof DomainError) return null;
    throw error;
  });
  if (!first?.next) return { plans, pages: first ? 1 : 0 };
  const second = await read({ after: first.next });
  await read({ before: second.next ?? first.next });
  return { plans, pages: 3 };
}

interface Page {
  next: string | null;
}
