import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Who } from '../core/kernel/actor.ts';
import { withActor } from '../core/kernel/context.ts';
import { runCommand } from '../core/kernel/registry.ts';
import type { Api } from '../testing/api.ts';
import { keyFor, serveApi } from '../testing/api.ts';
import type { TestApp } from '../testing/app.ts';
import { testApp } from '../testing/app.ts';
import { asOwner } from '../testing/database.ts';
import type { TestFirm } from '../testing/firm.ts';
import { as, makeFirm } from '../testing/firm.ts';

let app: TestApp;
let firm: TestFirm;
let rival: TestFirm;
let api: Api;
/** Keys that do all that their people may. */
let admins: string;
let approvers: string;

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const bug = (more: Record<string, unknown> = {}) => ({
  ...{ project: firm.acme.project, title: 'The pay button does nothing', description: 'I press and press.' },
  ...more,
});

beforeAll(async () => {
  app = await testApp();
  [firm, rival] = [await makeFirm(app.database), await makeFirm(app.database, 'Rival & Sons')];
  api = await serveApi(app);
  admins = (await keyFor(app, as(firm, firm.admin))).key;
  approvers = (await keyFor(app, as(firm, firm.acme.clientAdmin))).key;
});
afterAll(async () => {
  await api.stop();
  await app.close();
});

/** A program with a key that does all that its person may. */
const keyed = (person: string): Who => {
  const key = { id: crypto.randomUUID(), writes: true, modules: null };
  return { ...as(firm, person, 'link', 'email'), channel: 'api', key } as Who;
};

const filed = async (more: Record<string, unknown> = {}) => {
  const { json } = await api.post(approvers, '/ticket/file-bug', bug(more));
  return String(json.id);
};

describe('a command by the API', () => {
  test('does what a press does, once for each Idempotency-Key, and is recorded as done by the key of its person', async () => {
    const sent = () => api.post(approvers, '/ticket/file-bug', bug(), { 'Idempotency-Key': 'order-1' });
    const [first, again] = [await sent(), await sent()];
    const other = await api.post(approvers, '/ticket/file-bug', bug({ title: 'Another one' }), {
      'Idempotency-Key': 'order-1',
    });

    expect(first).toMatchObject({ status: 200, json: { id: expect.any(String), say: expect.any(String) } });
    expect(first.json.next).toBeUndefined();
    expect(again.json).toEqual(first.json);
    expect([first, again].map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true']);
    expect(other).toMatchObject({ status: 409, json: { code: 'conflict' } });
    const { key } = await keyFor(app, as(firm, firm.acme.clientAdmin));
    const anothers = await api.post(key, '/ticket/file-bug', bug(), { 'Idempotency-Key': 'order-1' });
    expect(anothers.status).toBe(200);
    expect(anothers.json.id).not.toBe(first.json.id);
    const audit = await owner(
      `select a.person_id, a.channel, a.assurance, a.on_behalf_of from audit a where a.entity_id = $1`,
      [first.json.id],
    );
    expect(audit).toEqual([
      {
        ...{ person_id: firm.acme.clientAdmin, channel: 'api', assurance: 'link' },
        on_behalf_of: expect.stringMatching(/^key [0-9a-f-]{36}$/),
      },
    ]);
  });

  test('that is meant for an older version changes nothing, and says what changed since', async () => {
    const ticket = await filed();
    const read = await api.get(admins, `/ticket/show?ticket=${ticket}`);
    const tag = read.headers.get('etag') ?? '';
    const taken = await api.post(admins, '/ticket/take', { ticket }, { 'If-Match': tag });
    const late = await api.post(admins, '/ticket/decline', { ticket, reason: 'No.' }, { 'If-Match': tag });
    const named = await api.post(admins, '/ticket/decline', { ticket, reason: 'No.', version: 1 });
    const both = await api.post(admins, '/ticket/decline', { ticket, reason: 'No.', version: 7 }, { 'If-Match': tag });
    const foreign = await api.post(admins, '/ticket/decline', { ticket, reason: 'No.' }, { 'If-Match': '"abc"' });

    expect(tag).toMatch(/^"v1\.[\w-]{22}"$/);
    expect(taken.status).toBe(200);
    expect(late).toMatchObject({ status: 412, json: { code: 'stale', changes: [expect.any(String)] } });
    expect(named).toMatchObject({ status: 409, json: { code: 'stale' } });
    expect(both).toMatchObject({ status: 422, json: { fields: { version: expect.any(String) } } });
    expect(foreign).toMatchObject({ status: 422, json: { fields: { 'If-Match': expect.any(String) } } });
  });

  test.each([
    ['is no JSON', '{"project":', 400, 'malformed'],
    ['is a list', '[]', 400, 'malformed'],
    ['is nested deeper than anybody writes', `${'['.repeat(5_000)}${']'.repeat(5_000)}`, 400, 'malformed'],
    ['is too large', JSON.stringify({ description: 'x'.repeat(300_000) }), 413, 'too_large'],
    ['lacks what is needed', '{}', 422, 'invalid'],
    ['names what is not asked', JSON.stringify({ role: 'admin' }), 422, 'invalid'],
  ])('whose body %s is refused with a problem', async (_what, body, status, code) => {
    const answer = await api.post(approvers, '/ticket/file-bug', body);

    expect(answer).toMatchObject({
      status,
      json: { code, status, title: expect.any(String), detail: expect.any(String) },
    });
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect((await api.get('', new URL(answer.json.type).pathname.slice('/api/v1'.length))).status).toBe(200);
  });

  test.each([2_147_483_648, -1, 1.5, 1e308])(
    'that is meant for version %d, which no thing has, is refused',
    async (version) => {
      const ticket = await filed();
      const answer = await api.post(admins, '/ticket/decline', { ticket, version, reason: 'No' });

      expect(answer).toMatchObject({ status: 422, json: { fields: { version: expect.any(String) } } });
    },
  );

  test('that is sent as something else than JSON, or with a word that is none, is refused', async () => {
    const typed = { 'Content-Type': 'application/x-www-form-urlencoded' };

    expect(await api.post(approvers, '/ticket/file-bug', 'a=b', typed)).toMatchObject({ status: 415 });
    expect(await api.post(approvers, '/ticket/file-bug', bug(), { 'Idempotency-Key': 'a b' })).toMatchObject({
      ...{ status: 422, json: { fields: { 'Idempotency-Key': expect.any(String) } } },
    });
  });

  test('cannot say what channels alone say', async () => {
    const ticket = await filed();
    const answer = await api.post(approvers, '/ticket/reply', { ticket, body: 'Mine', files: '{}' });

    expect(answer).toMatchObject({ status: 422, json: { fields: { files: 'is said by channels alone' } } });
  });
});

describe('what is read by the API', () => {
  test('is what its person sees, by the view’s own schema, and is not sent again to whoever has it', async () => {
    const ticket = await filed({ title: 'Only one' });
    const whole = await api.get(approvers, `/ticket/show?ticket=${ticket}`);
    const same = await api.get(approvers, `/ticket/show?ticket=${ticket}`, {
      'If-None-Match': whole.headers.get('etag') ?? '',
    });
    const some = await api.get(approvers, `/ticket/show?ticket=${ticket}&fields=ticket`);

    expect(whole.json.ticket).toMatchObject({ id: ticket, title: 'Only one', version: 1 });
    expect([same.status, same.text]).toEqual([304, '']);
    expect(Object.keys(some.json)).toEqual(['ticket']);
  });

  test('in pages, of which one follows the other without a gap, with the fields that are wanted', async () => {
    for (let count = 0; count < 12; count += 1) await filed({ title: `Page ${count}` });
    const seen: string[] = [];
    let next = '';
    do {
      const { json, status } = await api.get(admins, `/ticket/queue?fields=id,title${next && `&after=${next}`}`);
      expect(status).toBe(200);
      expect(Object.keys(json.items[0]).sort()).toEqual(['id', 'title']);
      seen.push(...json.items.map(({ id }: { id: string }) => id));
      next = json.next ?? '';
    } while (next);

    expect(seen.length).toBeGreaterThan(12);
    expect(new Set(seen).size).toBe(seen.length);
  });

  test.each([
    ['said twice', 'ticket=a&ticket=b', 'ticket'],
    ['none of its inputs', 'ticket=00000000-0000-4000-8000-000000000000&role=admin', ''],
    ['a field that is not there', 'fields=password&ticket=', 'fields'],
  ])('with a query that is %s is refused', async (_what, query, field) => {
    const ticket = await filed();
    const { status, json } = await api.get(admins, `/ticket/show?${query.replace(/ticket=$/, `ticket=${ticket}`)}`);

    expect([status, json.code]).toEqual([422, 'invalid']);
    if (field) expect(json.fields).toMatchObject({ [field]: expect.any(String) });
  });

  test('of another client or firm is not there, in the words of what nobody has', async () => {
    const ticket = await filed();
    const others = [
      (await keyFor(app, as(firm, firm.globex.clientAdmin))).key,
      (await keyFor(app, as(rival, rival.admin))).key,
    ];
    for (const key of others) {
      const nobodys = await api.get(key, `/ticket/show?ticket=${crypto.randomUUID()}`);
      const theirs = await api.get(key, `/ticket/show?ticket=${ticket}`);
      expect([theirs.status, theirs.text]).toEqual([404, nobodys.text]);
    }
  });
});

/** What changes who may act, what is no work, and what the hub does by itself. */
const NOT_FOR_KEYS = [
  ...['people/add-staff', 'people/set-grant', 'identity/unlink', 'session/end-all', 'key/make', 'key/end'],
  ...['invoice/set-seller', 'quote/set-limit'],
  ...['connection/add', 'notice/set-digest', 'session/begin', 'cycle/agree'],
];

describe('a key', () => {
  test('is shown once, and what is stored lets nobody in', async () => {
    const { id, key } = await keyFor(app, as(firm, firm.partner));
    const [row] = await owner('select * from api_key where id = $1', [id]);
    const kept = await owner(
      `select (select count(*) from event where data::text like $1) + (select count(*) from request where outcome::text like $1) as n`,
      [`%${key.slice(-43)}%`],
    );

    expect(key).toMatch(/^parley_[0-9a-f]{32}_[\w-]{43}$/);
    expect(JSON.stringify(row)).not.toContain(key.slice(-43));
    expect(Number(kept[0]?.n)).toBe(0);
    expect((await api.get(key, '/key/list')).json.keys).toMatchObject([
      { id, name: 'Export', seenAt: expect.any(String) },
    ]);
  });

  test('that reads does nothing, whatever its person may', async () => {
    const { key } = await keyFor(app, as(firm, firm.admin), { access: 'read' });
    const ticket = await filed();

    expect((await api.get(key, `/ticket/show?ticket=${ticket}`)).status).toBe(200);
    expect(await api.post(key, '/ticket/take', { ticket, version: 1 })).toMatchObject({
      ...{ status: 403, json: { code: 'forbidden', detail: 'This key reads, and does nothing.' } },
    });
    expect((await api.get(admins, `/ticket/show?ticket=${ticket}`)).json.ticket.version).toBe(1);
  });

  test('that is for some modules reads and does nothing of others', async () => {
    const { key } = await keyFor(app, as(firm, firm.admin), { modules: 'billing' });
    const ticket = await filed();

    expect((await api.get(key, '/invoice/list')).status).toBe(200);
    expect((await api.get(key, `/ticket/show?ticket=${ticket}`)).status).toBe(403);
    expect((await api.get(key, '/ticket/queue')).status).toBe(403);
    expect(await api.post(key, '/ticket/file-bug', bug())).toMatchObject({
      ...{ status: 403, json: { detail: 'This key is not for that.' } },
    });
    expect((await api.post(key, '/ticket/take', { ticket, version: 1 })).status).toBe(403);
  });

  test('signs nothing, and nothing that needs a surer sign of who it is is done with it', async () => {
    const run = (name: string, input: object) =>
      runCommand(app, keyed(firm.acme.approver), { name, input, requestId: crypto.randomUUID() });
    const { paths } = (await api.get('', '/openapi.json')).json;
    const signing = [
      'cycle.approve',
      'deliverable.approve',
      'quote.accept',
      'period.sign',
      'overrun.approve',
      'requirement.decide',
    ];
    await expect(run('session.end-all', {})).rejects.toMatchObject({ code: 'forbidden' });

    for (const name of signing) {
      await expect(run(name, {})).rejects.toMatchObject({
        code: 'forbidden',
        say: expect.stringContaining('People do this themselves'),
      });
      expect(paths[`/${name.replace('.', '/')}`]).toBeUndefined();
      expect((await api.post(admins, `/${name.replace('.', '/')}`, {})).status).toBe(404);
    }
    for (const name of NOT_FOR_KEYS) expect((await api.post(admins, `/${name}`, {})).status).toBe(404);
  });

  test('is handed no code and no link that acts as its person, and writes nothing while it reads', async () => {
    const who = keyed(firm.admin);
    await expect(withActor(app, who, async ({ secrets }) => secrets.sign('link', 'a link'))).rejects.toMatchObject({
      code: 'forbidden',
    });
    await expect(withActor(app, who, ({ sql }) => sql`update project set name = name`)).rejects.toMatchObject({
      code: 'unavailable',
    });
    const { portalOf } = await withActor(app, who, async (context) => context);
    expect(portalOf(null)).toMatch(/\/app$/);
  });

  test.each([
    ['none', ''],
    ['of another form', 'parley_abc'],
    ['that nobody has', `parley_${'0'.repeat(32)}_${'A'.repeat(43)}`],
  ])('%s is refused before anything is looked at', async (_what, key) => {
    const answer = await api.get(key, '/ticket/queue');

    expect(answer).toMatchObject({ status: 401, json: { code: 'unauthenticated' } });
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  test('counts no more once it is ended, over, or its person has left', async () => {
    const [ended, over, left] = [
      await keyFor(app, as(firm, firm.admin)),
      await keyFor(app, as(firm, firm.admin), { days: '7' }),
      await keyFor(app, as(firm, firm.globex.clientAdmin)),
    ];
    const status = async ({ key }: { key: string }) => (await api.get(key, '/key/list')).status;
    expect([await status(ended), await status(over), await status(left)]).toEqual([200, 200, 200]);

    await runCommand(app, as(firm, firm.admin), {
      ...{ name: 'key.end', input: { key: ended.id }, requestId: crypto.randomUUID() },
    });
    await owner('update person set active = false where id = $1', [firm.globex.clientAdmin]);
    await owner(
      `update api_key set created_at = now() - interval '8 days', expires_at = now() - interval '1 day' where id = $1`,
      [over.id],
    );
    expect([await status(ended), await status(over), await status(left)]).toEqual([401, 401, 401]);
    await owner('update person set active = true where id = $1', [firm.globex.clientAdmin]);
  });

  test('of somebody else is neither seen nor ended, and of one’s own there are twenty at most', async () => {
    const { id } = await keyFor(app, as(firm, firm.admin));
    const end = runCommand(app, as(firm, firm.partner), {
      ...{ name: 'key.end', input: { key: id }, requestId: crypto.randomUUID() },
    });
    await expect(end).rejects.toMatchObject({ code: 'not_found' });
    await expect(keyFor(app, as(firm, firm.acme.viewer))).rejects.toMatchObject({ code: 'forbidden' });

    const made = await Promise.allSettled(
      Array.from({ length: 21 }, async (_, index) => {
        if (index) await new Promise((resolve) => setTimeout(resolve, index * 20));
        return keyFor(app, as(rival, rival.partner));
      }),
    );
    expect(made.filter(({ status }) => status === 'fulfilled').length).toBe(20);
  });
});

describe('the description of the API', () => {
  test('names every operation, and what it names is there', async () => {
    const { json } = await api.get('', '/openapi.json');
    const operations = Object.entries(json.paths as Record<string, Record<string, { operationId: string }>>).flatMap(
      ([path, methods]) => Object.entries(methods).map(([method, { operationId }]) => ({ path, method, operationId })),
    );

    expect(json.openapi).toBe('3.1.1');
    expect(operations.length).toBeGreaterThan(150);
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { path, method } of operations.filter((_, index) => index % 7 === 0)) {
      const answer = method === 'get' ? await api.get(admins, path) : await api.post(admins, path, { nonsense: 1 });
      expect([path, [200, 403, 404, 422].includes(answer.status)]).toEqual([path, true]);
      if (answer.status === 404) expect(answer.text).not.toContain('There is nothing of this name');
    }
  });

  test('says nothing of how a form looks', async () => {
    const { text } = await api.get('', '/openapi.json');

    expect(text).not.toMatch(/"(multiline|placeholder|choices|several)":/);
    expect(text).toContain('What happens?');
  });
});

test('a command is done under a name that it had before, and the program is told of the one of today', async () => {
  const answer = await api.post(approvers, '/ticket/new-bug', bug());

  expect(answer).toMatchObject({ status: 200, json: { id: expect.any(String) } });
  expect(answer.headers.get('link')).toBe(`<${api.base}/ticket/file-bug>; rel="successor-version"`);
});

describe('the pages about the API', () => {
  test('are shown to everybody, with no script, from the description', async () => {
    const [home, area] = [await fetch(`${api.base}/docs`), await fetch(`${api.base}/docs/ticket`)];

    for (const { status, headers } of [home, area]) {
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'self'");
    }
    expect(await home.text()).toContain(`${api.base}/docs/ticket`);
    expect(await area.text()).toContain('POST /ticket/file-bug');
  });

  test('are none of what is no area', async () => {
    expect(await api.get('', '/docs/no-such')).toMatchObject({ status: 404, json: { code: 'not_found' } });
  });
});

test('paths that nobody serves, and methods, are problems too', async () => {
  expect(await api.get(admins, '/ticket')).toMatchObject({ status: 404, json: { code: 'not_found' } });
  expect(await api.get(admins, '/ticket/no-such')).toMatchObject({ status: 404 });
  expect(await api.get(admins, '/ticket/show/file')).toMatchObject({ status: 404 });
  expect((await fetch(`${api.base}/ticket/show`, { method: 'DELETE' })).status).toBe(404);
  expect((await api.get('', '/problems/constructor')).status).toBe(404);
});

test('a key that asks more often than it may is told when to come again', async () => {
  const { key } = await keyFor(app, as(rival, rival.admin), { access: 'read' });
  const first = await api.get(key, '/key/list');
  const statuses = new Set<number>();
  let last = first;
  for (let batch = 0; batch < 61; batch += 1) {
    const answers = await Promise.all(Array.from({ length: 10 }, () => api.get(key, '/no/such')));
    for (const answer of answers) statuses.add(answer.status);
    last = answers.at(-1) ?? last;
  }

  expect(first.headers.get('ratelimit')).toContain('r=599');
  expect([...statuses].sort()).toEqual([404, 429]);
  expect(last).toMatchObject({ status: 429, json: { code: 'rate_limited' } });
  expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await api.get(admins, '/key/list')).status).toBe(200);
}, 30_000);
