import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { areas } from '../core/areas.ts';
import type { Who } from '../core/kernel/actor.ts';
import { withActor } from '../core/kernel/context.ts';
import { DomainError } from '../core/kernel/errors.ts';
import { showView } from '../core/kernel/registry.ts';
import { testApp } from './app.ts';
import type { Made, Stage } from './examples.ts';
import { examplesOf, madeOn, stageOf } from './examples.ts';
import { makeFirm } from './firm.ts';

// What people say about a thing, for every thing of the registry about which something can be said: none is named here.

const TALKS = areas.flatMap((area) =>
  area.things.filter(({ answer }) => answer?.endsWith('.reply')).map((thing) => ({ area, thing, name: thing.name })),
);

let stage: Stage;
const made = new Map<string, Made>();

beforeAll(async () => {
  const app = await testApp();
  const firm = await makeFirm(app.database);
  stage = stageOf(app, firm, firm.acme, 'Quince');
  for (const { area } of TALKS)
    if (!made.has(area.name)) made.set(area.name, await madeOn(stage, await examplesOf(area)));
});
afterAll(() => stage.app.close());

test('things that people talk about are found', () => {
  expect(TALKS.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['ticket', 'cycle', 'quote', 'deliverable', 'requirement', 'invoice']),
  );
});

const idOf = ({ area, thing }: (typeof TALKS)[number]) => made.get(area.name)?.[thing.name] ?? '';

describe.each(TALKS)('what is said about a $name', ({ area, thing, name }) => {
  const id = () => idOf({ area, thing, name });
  const show = (who: Who) => showView(stage.app, who, thing.showing(id()));
  const text = async (who: Who) => JSON.stringify(await show(who));
  const say = (role: 'admin' | 'client admin' | 'other client', command: string, body: string) =>
    stage.run(role, command, { [thing.name]: id(), body });
  const refused = (work: Promise<unknown>) =>
    work.then(
      () => 'was allowed',
      (error: unknown) => {
        if (error instanceof DomainError) return error.code;
        throw error;
      },
    );

  test('by the client stands on the card of both sides and on no other, and leaves it as it was', async () => {
    const { version } = (await show(stage.roles.admin)).about;
    await say('client admin', `${thing.name}.reply`, `Approved, but only in ${thing.name} blue.`);

    for (const role of ['admin', 'client admin'] as const)
      expect(await text(stage.roles[role])).toContain(`but only in ${thing.name} blue`);
    expect((await show(stage.roles.admin)).about.version).toBe(version);
    for (const other of TALKS.filter((one) => one.thing !== thing)) {
      const card = await showView(stage.app, stage.roles.admin, other.thing.showing(idOf(other)));
      expect(JSON.stringify(card)).not.toContain(`only in ${thing.name} blue`);
    }
  });

  test('as a note is the team’s alone, on cards and in rows', async () => {
    await say('admin', `${thing.name}.note`, 'They never pay in time.');

    expect(await text(stage.roles.admin)).toContain('never pay in time');
    expect(await text(stage.roles['client admin'])).not.toContain('never pay in time');
    const rows = await withActor(
      stage.app,
      stage.roles['client admin'],
      ({ sql }) => sql`select from message where internal union all select from ticket_message where internal`,
    );
    expect(rows).toEqual([]);
    expect(await refused(say('client admin', `${thing.name}.note`, 'Hello'))).toBe('forbidden');
  });

  test('is for nobody of another client', async () => {
    expect(await refused(say('other client', `${thing.name}.reply`, 'Hello'))).toBe('not_found');
    const thread = { target: `${thing.name}.thread`, input: { [thing.name]: id() } };
    expect(await refused(showView(stage.app, stage.roles['other client'], thread))).toBe('not_found');
  });

  test('is no message about anything else, whatever view is asked', async () => {
    await say('admin', `${thing.name}.reply`, 'In blue it is.');
    const [row] = await stage.owner(
      `select data ->> 'message' as id from event where name = $1 and entity_id = $2 order by seq desc limit 1`,
      [`${thing.name}.replied`, id()],
    );
    const input = { message: String(row?.id) };
    expect((await showView(stage.app, stage.roles.admin, { target: `${thing.name}.message`, input })).title).toContain(
      'Ada Admin on ',
    );
    for (const other of TALKS.filter(({ name }) => name !== thing.name))
      expect(await refused(showView(stage.app, stage.roles.admin, { target: `${other.name}.message`, input }))).toBe(
        'not_found',
      );
  });
});
