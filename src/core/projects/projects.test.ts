import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { everyPlatform, testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import { readView, runCommand, showView } from '../kernel/registry.ts';
import { listProjects } from './views.ts';

let app: TestApp;
let firm: TestFirm;
let count = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(() => app.close());

const run = (who: Who, name: string, input: Record<string, unknown>) =>
  runCommand(app, who, { name, input, requestId: `test ${++count}` });

test('a project is opened, moved on and shown with its phases', async () => {
  const member = as(firm, firm.member);
  const { output } = await run(member, 'project.open', { client: firm.acme.id, name: 'Acme shop' });
  const { id } = output as { id: string };
  const phase = (await run(member, 'project.add-phase', { project: id, name: 'Concept' })).output as { phase: string };
  await run(member, 'project.report-progress', { phase: phase.phase, percent: '40' });
  await run(member, 'project.set-stage', { project: id, version: '1', stage: 'design' });

  const card = await showView(app, member, { target: 'project.show', input: { project: id } });

  expect(card).toMatchObject({ title: 'Acme shop', status: 'Design', about: { entity: 'project', id, version: 2 } });
  expect(card.blocks).toContainEqual({ kind: 'progress', label: 'Concept', percent: 40 });
});

test('a stage set on an old card changes nothing and answers with what is', async () => {
  const admin = as(firm, firm.admin);
  await run(admin, 'project.set-stage', { project: firm.acme.project, version: '1', stage: 'launch' });
  await expect(
    run(admin, 'project.set-stage', { project: firm.acme.project, version: '1', stage: 'care' }),
  ).rejects.toMatchObject({
    code: 'stale',
    detail: { changes: ['Ada Admin moved it to launch'], show: { target: 'project.show' } },
  });
});

test('contacts cannot set up projects', async () => {
  await expect(
    run(as(firm, firm.acme.clientAdmin), 'project.add-phase', { project: firm.acme.project, name: 'Mine' }),
  ).rejects.toMatchObject({ code: 'forbidden' });
});

test('per cent done is a whole number from 0 to 100', async () => {
  const { output } = await run(as(firm, firm.admin), 'project.add-phase', {
    project: firm.acme.otherProject,
    name: 'Concept',
  });
  const { phase } = output as { phase: string };
  for (const percent of ['101', '-1', '12.5', 'half']) {
    await expect(run(as(firm, firm.admin), 'project.report-progress', { phase, percent })).rejects.toMatchObject({
      code: 'invalid',
      detail: { fields: { percent: expect.any(String) } },
    });
  }
});

test('the list of projects goes page by page', async () => {
  for (let index = 0; index < 12; index += 1) {
    await run(as(firm, firm.admin), 'project.open', { client: firm.globex.id, name: `Project ${index}` });
  }
  const at = (input: Record<string, string>) =>
    readView(app, as(firm, firm.admin), { target: 'project.list', input }).then((read) =>
      listProjects.output.parse(read),
    );

  const first = await at({});
  const second = await at({ after: String(first.next) });
  const back = await at({ before: String(second.previous) });

  const names = [...first.items, ...second.items].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(Array.from({ length: 12 }, (_, index) => `Project ${index}`)));
  expect({ first: first.previous, second: second.next }).toEqual({ first: null, second: null });
  expect(back).toEqual(first);
  // The project at which the page ended is gone for who reads: the way to the beginning is shown.
  const beyond = await showView(app, as(firm, firm.admin), {
    target: 'project.list',
    input: { after: Buffer.alloc(16, 7).toString('base64url') },
  });
  expect(beyond.blocks).toEqual([{ kind: 'text', text: 'There is nothing more here.' }]);
  expect(beyond.actions[0]).toMatchObject({ label: 'To the beginning' });
});

describe('binding rooms', () => {
  const room = (more: Record<string, string>) => ({
    channel: 'slack',
    account: firm.tenantId,
    address: 'C1',
    name: '#acme',
    audience: 'client',
    ...more,
  });

  test('a channel is bound to a client, and binding it again is the same room', async () => {
    const first = await run(as(firm, firm.admin), 'project.bind-room', room({ client: firm.acme.id }));
    const again = await run(as(firm, firm.admin), 'project.bind-room', room({ client: firm.acme.id, name: '#acme-2' }));

    expect((again.output as { id: string }).id).toBe((first.output as { id: string }).id);
    expect(await asOwner(app.database)(`select name from room where address = 'C1'`)).toEqual([{ name: '#acme-2' }]);
  });

  test('a client’s channel cannot also be for triage or for another client', async () => {
    await expect(run(as(firm, firm.admin), 'project.bind-room', room({ audience: 'triage' }))).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(
      run(as(firm, firm.admin), 'project.bind-room', room({ client: firm.globex.id })),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a member cannot bind a channel of a client whom they do not see', async () => {
    const globex = room({ address: 'C2', client: firm.globex.id });
    await run(as(firm, firm.admin), 'project.bind-room', globex);

    for (const audience of ['internal', 'client'])
      await expect(
        run(as(firm, firm.member), 'project.bind-room', { ...globex, audience, client: firm.acme.id }),
      ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('a channel that was unbound is free for others, and its old binding stays off', async () => {
    const { output } = await run(
      as(firm, firm.admin),
      'project.bind-room',
      room({ address: 'C3', client: firm.globex.id }),
    );
    await run(as(firm, firm.admin), 'project.unbind-room', { room: (output as { id: string }).id });

    await run(as(firm, firm.admin), 'project.bind-room', room({ address: 'C3', audience: 'triage' }));

    expect(await asOwner(app.database)(`select audience, fault from room where address = 'C3' order by 1`)).toEqual([
      { audience: 'client', fault: 'unbound' },
      { audience: 'triage', fault: null },
    ]);
    await expect(
      run(as(firm, firm.admin), 'project.bind-room', room({ address: 'C3', client: firm.globex.id })),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('of two who bind a channel for different readers at the same time, one does', async () => {
    const both = [
      { client: firm.globex.id },
      { client: firm.acme.id },
      { audience: 'triage' },
      { audience: 'internal' },
    ];

    const done = await Promise.allSettled(
      both.map((more) => run(as(firm, firm.admin), 'project.bind-room', room({ address: 'C4', ...more }))),
    );

    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('a channel of a workspace that is not connected, or that another firm connected, is refused with the cure', async () => {
    const other = await makeFirm(app.database, 'Another Studio');
    for (const account of ['T-unknown', other.tenantId])
      await expect(
        run(as(firm, firm.member), 'project.bind-room', room({ account, address: 'C7', client: firm.acme.id })),
      ).rejects.toMatchObject({ code: 'conflict', say: expect.stringContaining('Connect it first') });

    expect(await asOwner(app.database)(`select from room where address = 'C7'`)).toEqual([]);
  });

  test('a channel that does not exist is refused in the platform’s words, and asked for only when one may bind', async () => {
    const asked: string[] = [];
    const checkRoom = async (_account: string, address: string) => {
      asked.push(address);
      throw new DomainError('conflict', 'Slack does not know this channel.');
    };
    const strict = { ...app, platforms: everyPlatform({ slack: { checkRoom } }) };
    const bind = (who: Who) =>
      runCommand(strict, who, {
        name: 'project.bind-room',
        input: room({ address: 'C8', client: firm.acme.id }),
        requestId: `test ${++count}`,
      });

    await expect(bind(as(firm, firm.acme.clientAdmin))).rejects.toMatchObject({ code: 'forbidden' });
    expect(asked).toEqual([]);
    await expect(bind(as(firm, firm.admin))).rejects.toMatchObject({ say: 'Slack does not know this channel.' });
    expect(asked).toEqual(['C8']);
    expect(await asOwner(app.database)(`select from room where address = 'C8'`)).toEqual([]);
  });

  test('a client room needs its client', async () => {
    await expect(run(as(firm, firm.admin), 'project.bind-room', room({ address: 'C9' }))).rejects.toMatchObject({
      code: 'invalid',
      detail: { fields: { client: expect.any(String) } },
    });
  });
});

describe('a room that cannot be written to', () => {
  const shown = (who: Who, room: string) => showView(app, who, { target: 'project.room-fault', input: { room } });
  const fault = (room: string) =>
    asOwner(app.database)(`update room set fault = 'the channel is archived' where id = $1`, [room]);

  test('is shown to the firm alone', async () => {
    const { room, clientAdmin } = firm.acme;
    await fault(room);

    const refused = { code: 'not_found' };
    await expect(shown(as(firm, clientAdmin), room)).rejects.toMatchObject(refused);
    await expect(shown({ kind: 'audience', tenantId: firm.tenantId, roomId: room }, room)).rejects.toMatchObject(
      refused,
    );
    const triage = { kind: 'audience', tenantId: firm.tenantId, roomId: firm.triageRoom } as const;
    expect(await shown(triage, room)).toMatchObject({ status: 'Cannot be reached' });
    expect(await shown(as(firm, firm.member), room)).toMatchObject({ status: 'Cannot be reached' });
  });

  test('is mended from a chat or signed in, and not by a link of a mail', async () => {
    const { room } = firm.acme;
    await fault(room);
    const byMail = { ...as(firm, firm.member), channel: 'email', assurance: 'link' } as Who;

    await expect(run(byMail, 'project.mend-room', { room })).rejects.toMatchObject({
      say: expect.stringContaining('surer sign'),
    });
    await run(as(firm, firm.member), 'project.mend-room', { room });
    expect(await shown(as(firm, firm.member), room)).toMatchObject({ status: 'In use' });
  });
});
