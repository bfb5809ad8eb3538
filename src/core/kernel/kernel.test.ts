import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { command, executeCommand } from './command.ts';
import { withActor } from './context.ts';
import { startJobs } from './jobs.ts';
import { assertProtection } from './protection.ts';

let app: TestApp;
let firm: TestFirm;

const rename = command({
  name: 'test.rename',
  input: z.strictObject({ project: z.uuid(), name: z.string().min(1) }),
  load: async ({ sql }, { project }) =>
    (
      await sql<{ id: string; name: string; client_id: string }>`select * from project where id = ${project} for update`
    )[0] ?? null,
  policy: (actor) => actor.kind === 'person' && actor.side === 'staff',
  handle: async ({ sql }, { project, name }, subject) => {
    await sql`update project set name = ${name}, version = version + 1 where id = ${project}`;
    return {
      events: [
        {
          name: 'test.renamed',
          about: { entity: 'project', id: project },
          clientId: subject.client_id,
          projectId: project,
          data: { name },
          before: { name: subject.name },
          after: { name },
        },
      ],
      output: { name },
    };
  },
  reply: ({ name }) => ({
    title: name,
    tone: 'good',
    blocks: [],
    actions: [],
    fallback: name,
    about: { entity: 'project', id: '', version: 0 },
  }),
});

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(() => app.close());

describe('the write path', () => {
  test('a command commits its change, event, audit row and job together', async () => {
    const { output, replayed } = await executeCommand(app, rename, as(firm, firm.admin), {
      input: { project: firm.acme.project, name: 'New name' },
      requestId: 'r1',
    });

    expect({ output, replayed }).toEqual({ output: { name: 'New name' }, replayed: false });
    const [event] = await asOwner(app.database)(`select * from event where request_id = 'r1'`);
    const [audit] = await asOwner(app.database)(`select * from audit where request_id = 'r1'`);
    expect(event).toMatchObject({
      name: 'test.renamed',
      entity: 'project',
      entity_id: firm.acme.project,
      client_id: firm.acme.id,
    });
    expect(audit).toMatchObject({
      by_name: 'Ada Admin',
      channel: 'slack',
      assurance: 'chat',
      before: { name: 'Acme website' },
      after: { name: 'New name' },
    });
    expect(app.asked).toEqual([{ queue: 'event', data: { tenantId: firm.tenantId, eventId: event?.id } }]);
  });

  test('a repeated request answers the first outcome and does nothing again', async () => {
    const again = await executeCommand(app, rename, as(firm, firm.admin), {
      input: { project: firm.acme.project, name: 'New name' },
      requestId: 'r1',
    });

    expect(again).toMatchObject({ output: { name: 'New name' }, replayed: true });
    expect(await asOwner(app.database)(`select count(*) from event where request_id = 'r1'`)).toEqual([{ count: 1 }]);
  });

  test('nobody else is answered with the outcome of somebody’s request', async () => {
    for (const other of [
      as(firm, firm.partner),
      as(firm, firm.acme.approver),
      { kind: 'system', tenantId: firm.tenantId, reason: 'test' } as const,
      { kind: 'audience', tenantId: firm.tenantId, roomId: firm.acme.room } as const,
    ])
      await expect(
        executeCommand(app, rename, other, {
          input: { project: firm.acme.project, name: 'New name' },
          requestId: 'r1',
        }),
      ).rejects.toMatchObject({ code: other.kind === 'audience' ? 'forbidden' : 'conflict' });
  });

  test('a request id cannot be used for something else', async () => {
    await expect(
      executeCommand(app, rename, as(firm, firm.admin), {
        input: { project: firm.acme.project, name: 'Other' },
        requestId: 'r1',
      }),
    ).rejects.toMatchObject({ code: 'conflict' });
    // Nor for another command with the same input.
    await expect(
      executeCommand(app, command({ ...rename, name: 'test.rename-otherwise' }), as(firm, firm.admin), {
        input: { project: firm.acme.project, name: 'New name' },
        requestId: 'r1',
      }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('what a contact may not do is refused and leaves nothing, not even the claim', async () => {
    await expect(
      executeCommand(app, rename, as(firm, firm.acme.approver), {
        input: { project: firm.acme.project, name: 'Mine' },
        requestId: 'r2',
      }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    expect(await asOwner(app.database)(`select count(*) from request where request_id = 'r2'`)).toEqual([{ count: 0 }]);
  });

  test('what the policy of a command forbids is refused where the database would let it pass', async () => {
    const nobody = command({ ...rename, name: 'test.rename-by-nobody', policy: () => false });

    await expect(
      executeCommand(app, nobody, as(firm, firm.admin), {
        input: { project: firm.acme.project, name: 'By nobody' },
        requestId: 'by nobody',
      }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    expect(await asOwner(app.database)(`select id from project where name = 'By nobody'`)).toEqual([]);
  });

  test('what an actor cannot see is not found', async () => {
    await expect(
      executeCommand(app, rename, as(firm, firm.member), {
        input: { project: firm.globex.project, name: 'Mine' },
        requestId: 'r3',
      }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });

  test('a room cannot act, only a person in it', async () => {
    const anyone = command({ ...rename, name: 'test.rename-by-anyone', policy: () => true });
    const room = { kind: 'audience', tenantId: firm.tenantId, roomId: firm.triageRoom } as const;

    await expect(
      executeCommand(app, anyone, room, {
        input: { project: firm.acme.project, name: 'By the room' },
        requestId: 'by a room',
      }),
      // The database refuses it too, in other words.
    ).rejects.toMatchObject({ code: 'forbidden', say: 'A room cannot act; a person must.' });
    const named = await asOwner(app.database)(`select id from project where name = 'By the room'`);
    expect(named).toEqual([]);
  });

  test('faulty input names each field', async () => {
    await expect(
      executeCommand(app, rename, as(firm, firm.admin), { input: { project: 'x', name: '' }, requestId: 'r4' }),
    ).rejects.toMatchObject({
      code: 'invalid',
      detail: { fields: { project: expect.any(String), name: expect.any(String) } },
    });
  });

  test('two runs of one request at the same time act once', async () => {
    const both = await Promise.all(
      [1, 2].map(() =>
        executeCommand(app, rename, as(firm, firm.admin), {
          input: { project: firm.acme.otherProject, name: 'Twice' },
          requestId: 'r5',
        }),
      ),
    );

    expect(both.map((one) => one.replayed).sort()).toEqual([false, true]);
    expect(await asOwner(app.database)(`select count(*) from event where request_id = 'r5'`)).toEqual([{ count: 1 }]);
  });
});

test('a chat user nobody is linked to is told so', async () => {
  const who = {
    kind: 'identity',
    install: { tool: 'slack', account: firm.tenantId },
    provider: 'slack',
    account: firm.tenantId,
    externalId: 'U-nobody',
    channel: 'slack',
    assurance: 'chat',
  } as const;
  await expect(withActor(app, who, async () => 1)).rejects.toMatchObject({
    name: 'NotLinked',
    tenantId: firm.tenantId,
  });
});

test('Prisma reads inside the same transaction under the same policies', async () => {
  const names = await withActor(app, as(firm, firm.acme.viewer), async ({ prisma }) =>
    (await prisma.project.findMany()).map((project) => project.id),
  );
  expect(names).toEqual([firm.acme.project]);
});

test('the database is protected', async () => {
  await assertProtection(app.database);
});

test('a job stored in a transaction starts after its commit', async () => {
  const jobs = await startJobs(app.database, {
    works: true,
    onError: (error) => {
      throw error;
    },
  });
  const started = new Promise((resolve) =>
    jobs.work<{ tenantId: string }>('event', { together: 1 }, async ({ data }) => resolve(data.tenantId)),
  );
  await executeCommand({ ...app, jobs }, rename, as(firm, firm.admin), {
    input: { project: firm.acme.project, name: 'Job' },
    requestId: 'r6',
  });
  expect(await started).toBe(firm.tenantId);
  await jobs.stop();
});

test('a statement that failed on the pool leaves the next transaction as good as before', async () => {
  await withActor(app, as(firm, firm.admin), async ({ sql }) => sql`select 1 as one`);
  await expect(app.database.pool.query('select 1/0')).rejects.toThrow('division by zero');

  expect(await withActor(app, as(firm, firm.admin), async ({ sql }) => sql`select 1 as one`)).toEqual([{ one: 1 }]);
});
