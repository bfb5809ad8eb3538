import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Answer } from '../core/kernel/answer.ts';
import { answerPress } from '../core/kernel/answer.ts';
import { openServer } from '../core/kernel/db.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import { asOwner, onServer } from './database.ts';
import type { TestFirm } from './firm.ts';
import { as, makeFirm } from './firm.ts';
import type { Postgres } from './postgres.ts';
import { serverPrograms, startPostgres } from './postgres.ts';
import type { Wire } from './proxy.ts';
import { startProxy } from './proxy.ts';

const programs = await serverPrograms().catch((error: Error) => {
  console.log(`outage: not run. ${error.message}`);
  return null;
});

/** Slack shows an error to whoever pressed when there is no answer by then. */
const SLACK_WAITS = 3_000;

(programs ? describe : describe.skip)('while the database fails', () => {
  let server: Postgres;
  let app: TestApp;
  let firm: TestFirm;
  let other: TestFirm;
  beforeAll(async () => {
    server = await startPostgres();
    app = await testApp(await onServer(server.url));
    [firm, other] = [await makeFirm(app.database), await makeFirm(app.database, 'Southwind Studio')];
    await file(app, firm);
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await server.stop();
  });

  const countOf = async (title: string) =>
    Number((await asOwner(app.database)('select count(*) from ticket where title = $1', [title]))[0]?.count);

  test('a frozen server: every press is answered in time that nothing was changed, and the next ones work', async () => {
    await server.freeze();
    const patience = setTimeout(() => server.thaw(), 8_000);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => timed(() => file(app, firm, { title: 'Frozen' }))),
    );
    const late = await timed(() => file(app, firm, { title: 'Frozen' }));
    clearTimeout(patience);
    await server.thaw();

    for (const { answer, took } of [...answers, late]) {
      expect(answer).toMatchObject({ kind: 'refused', code: 'unavailable' });
      expect((answer as { say: string }).say).toContain('Nothing was changed');
      expect(took).toBeLessThan(SLACK_WAITS);
    }
    expect(await file(app, firm, { title: 'Thawed' })).toMatchObject({ kind: 'done' });
    expect(await countOf('Frozen')).toBe(0);
  }, 30_000);

  test('a locked row: those who press on it are told in time, and nobody else waits', async () => {
    const locks = openServer(server.url.replace(/\/postgres$/, `/${await databaseName(app)}`), {
      connections: 1,
      onError: () => undefined,
    });
    const holder = await locks.pool.connect();
    await holder.query('begin');
    await holder.query('select from project where id = $1 for update', [firm.acme.project]);

    const press = { target: 'project.add-phase', input: { project: firm.acme.project, name: 'Locked' } };
    const stuck = Array.from({ length: 30 }, (_, index) =>
      timed(() => answerPress(app, as(firm, firm.admin), { press, requestId: `locked ${index}` })),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    const free = await Promise.all([
      ...Array.from({ length: 10 }, () => timed(() => file(app, other))),
      // Nor do those of the same firm who press on something else.
      ...Array.from({ length: 10 }, () =>
        timed(() => file(app, firm, { who: firm.admin, project: firm.globex.project })),
      ),
    ]);
    const told = await Promise.all(stuck);
    await holder.query('rollback');
    holder.release();
    await locks.close();

    for (const { answer, took } of free) {
      expect(answer).toMatchObject({ kind: 'done' });
      expect(took).toBeLessThan(1_000);
    }
    for (const { answer, took } of told) {
      expect(answer).toMatchObject({ kind: 'refused', code: 'unavailable' });
      expect(took).toBeLessThan(SLACK_WAITS);
    }
  }, 30_000);

  test('no connection is free: a press is told so in time', async () => {
    const held = await Promise.all(Array.from({ length: 8 }, () => app.database.pool.connect()));
    const { answer, took } = await timed(() => file(app, firm));
    for (const client of held) client.release();

    expect(answer).toMatchObject({ kind: 'refused', code: 'unavailable' });
    expect(took).toBeLessThan(SLACK_WAITS);
  });

  test.each(['53100', '57014', '25006', '55P03', '53200', '58030'])(
    'error %s of the database is answered as unavailable',
    async (code) => {
      const owner = asOwner(app.database);
      await owner(
        `create or replace function refuse_ticket() returns trigger language plpgsql as 'begin raise exception using errcode = ''${code}''; end'`,
      );
      await owner(`create or replace trigger refuse before insert on ticket execute function refuse_ticket()`);
      const answer = await file(app, firm, { title: 'Refused' });
      await owner('drop trigger refuse on ticket');

      expect(answer).toMatchObject({ kind: 'refused', code: 'unavailable' });
      expect(await countOf('Refused')).toBe(0);
    },
  );

  test('a login that is refused meanwhile is answered as unavailable', async () => {
    // The server of the tests trusts everybody, so the role is closed instead: another code (28000) of the same class.
    const role = `"${new URL(app.database.url ?? '').username}"`;
    await asOwner(app.database)(`alter role ${role} nologin`);
    const closed = openServer(app.database.url ?? '', { connections: 2, onError: () => undefined });
    const answer = await file({ ...app, database: closed }, firm);
    await asOwner(app.database)(`alter role ${role} login`);
    await closed.close();

    expect(answer).toMatchObject({ kind: 'refused', code: 'unavailable' });
  });
});

(programs ? describe : describe.skip)('when the connection is lost while the commit is under way', () => {
  let server: Postgres;
  let proxy: Wire;
  let owner: TestApp;
  let app: TestApp;
  let firm: TestFirm;
  beforeAll(async () => {
    server = await startPostgres();
    owner = await testApp(await onServer(server.url));
    firm = await makeFirm(owner.database);
    proxy = await startProxy(owner.database.url ?? '');
    app = await testApp(openServer(proxy.url, { connections: 4, onError: () => undefined }));
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await proxy.stop();
    await owner.close();
    await server.stop();
  });

  const countOf = async (title: string) =>
    Number((await asOwner(owner.database)('select count(*) from ticket where title = $1', [title]))[0]?.count);

  test('what became of it is looked up where the database can be reached again', async () => {
    proxy.cutAtCommit({ again: true });
    const answer = await file(app, firm, { title: 'Cut once' });

    expect(answer).toMatchObject({ kind: 'done', replayed: true });
    expect(await countOf('Cut once')).toBe(1);
  });

  test('it is said that nobody knows, and the same press again is answered with what was done', async () => {
    proxy.cutAtCommit({ again: false });
    const answer = await file(app, firm, { title: 'Cut off' });
    proxy.mend();
    const again = await file(app, firm, { title: 'Cut off' });
    const another = await file(app, firm, { title: 'Cut off' });

    expect(answer).toMatchObject({ kind: 'refused', code: 'unavailable', unknown: true });
    expect((answer as { say: string }).say).toMatch(/not known whether/);
    expect((answer as { say: string }).say).not.toContain('Nothing was changed');
    expect(again).toMatchObject({ kind: 'done', replayed: true });
    expect(another).toMatchObject({ kind: 'done', replayed: false });
    expect(await countOf('Cut off')).toBe(2);
  });
});

let presses = 0;

function file(
  app: TestApp,
  firm: TestFirm,
  { title = 'A bug', who = firm.acme.approver, project = firm.acme.project } = {},
): Promise<Answer> {
  presses += 1;
  const input = { project, title, description: 'What happened.' };
  return answerPress(app, as(firm, who), {
    press: { target: 'ticket.file-bug', input },
    requestId: `outage ${presses}`,
  });
}

async function timed(press: () => Promise<Answer>): Promise<{ answer: Answer; took: number }> {
  const started = performance.now();
  // What is thrown would be a bare 500.
  const answer = await press();
  return { answer, took: performance.now() - started };
}

async function databaseName(app: TestApp): Promise<string> {
  return String((await asOwner(app.database)('select current_database() as name'))[0]?.name);
}
