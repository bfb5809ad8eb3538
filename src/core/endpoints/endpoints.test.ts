import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { acting } from '../../testing/acting.ts';
import type { EndpointStage } from '../../testing/endpoint-stage.ts';
import { endpointStage } from '../../testing/endpoint-stage.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { buttonsOf } from '../kernel/card.ts';
import { egressOf } from '../kernel/egress.ts';
import { readView, runCommand, showView } from '../kernel/registry.ts';
import { MOST_ENDPOINTS } from './rules.ts';
import type { Endpoint } from './schema.ts';

const URL_ = 'https://crm.example.com/parley?token=secret';

let stage: EndpointStage;
let firm: TestFirm;

beforeAll(async () => {
  stage = await endpointStage(egressOf([]));
});
afterAll(() => stage.stop());
beforeEach(async () => {
  firm = await makeFirm(stage.app.database);
});

const admin = () => as(firm, firm.admin);
const clientAdmin = (client = firm.acme) => as(firm, client.clientAdmin);
const onPage = (who: Who) => ({ ...who, channel: 'portal' }) as Who;
const add = (who: Who, url = URL_, areas = '') => stage.add(who, url, areas);
const run = (who: Who, name: string, input: Record<string, unknown>) => stage.run(who, name, input);
const read = async (who: Who, endpoint: string) =>
  ((await readView(stage.app, who, { target: 'endpoint.show', input: { endpoint } })) as { endpoint: Endpoint })
    .endpoint;
const listed = async (who: Who) =>
  ((await readView(stage.app, who, { target: 'endpoint.list', input: {} })) as { items: Endpoint[] }).items.map(
    ({ id }) => id,
  );

describe('an endpoint', () => {
  test('is the firm’s or the client’s of whoever adds it, and told of on their channels', async () => {
    const [own, theirs] = [await add(admin()), await add(clientAdmin())];

    expect(await read(admin(), own.id)).toMatchObject({ clientId: null, status: 'active', areas: null, url: URL_ });
    expect(await read(clientAdmin(), theirs.id)).toMatchObject({ clientId: firm.acme.id, clientName: 'Acme' });
    const events = await stage.owner(
      `select data, client_id from event where name = 'endpoint.added' and tenant_id = $1 order by seq`,
      [firm.tenantId],
    );
    expect(events).toMatchObject([
      { data: { name: 'CRM', tell: [firm.admin] }, client_id: null },
      { data: { tell: [firm.acme.clientAdmin] }, client_id: firm.acme.id },
    ]);
    // Where it leads may hold a token: what happened does not say it.
    expect(JSON.stringify(events)).not.toContain('crm.example.com');
  });

  test('is seen and changed by the firm’s administrators and its own client’s, and by nobody else', async () => {
    const [own, theirs] = [await add(admin()), await add(clientAdmin())];

    expect((await listed(admin())).sort()).toEqual([own.id, theirs.id].sort());
    expect(await listed(clientAdmin())).toEqual([theirs.id]);
    expect(await listed(clientAdmin(firm.globex))).toEqual([]);
    for (const who of [
      clientAdmin(firm.globex),
      as(firm, firm.partner),
      as(firm, firm.member),
      as(firm, firm.acme.approver),
    ]) {
      await expect(read(who, theirs.id)).rejects.toMatchObject({ code: 'not_found' });
      for (const name of ['endpoint.pause', 'endpoint.remove', 'endpoint.test'])
        await expect(run(who, name, { endpoint: theirs.id, version: 1 })).rejects.toMatchObject({
          code: expect.stringMatching(/not_found|forbidden/),
        });
    }
    await expect(read(clientAdmin(), own.id)).rejects.toMatchObject({ code: 'not_found' });
    for (const person of [firm.partner, firm.member, firm.acme.approver])
      await expect(add(as(firm, person))).rejects.toMatchObject({ code: 'forbidden' });
  });

  test.each([
    ['http://crm.example.com/', 'must begin with https://'],
    ['ftp://crm.example.com/', 'must begin with https://'],
    ['javascript:alert(1)', 'must begin with https://'],
    ['crm.example.com', 'is not an address'],
    ['https://', 'is not an address'],
    ['https://ada:password@crm.example.com/', 'must hold no name and no password'],
    ['https://crm.example.com/#token', 'must end before the #'],
    ['https://127.0.0.1/', 'is not on the internet'],
    ['https://[::1]/', 'is not on the internet'],
    ['https://169.254.169.254/latest/meta-data/', 'is not on the internet'],
    ['https://0x7f.1/', 'is not on the internet'],
    ['https://2130706433/', 'is not on the internet'],
    [`https://crm.example.com/${'x'.repeat(500)}`, 'at most 500 characters'],
  ])('with the address %s is refused beside the field', async (url, fault) => {
    await expect(add(admin(), url)).rejects.toMatchObject({
      code: 'invalid',
      detail: { fields: { url: expect.stringContaining(fault) } },
    });
    const { id } = await add(admin());
    await expect(run(admin(), 'endpoint.change', { endpoint: id, version: 1, name: 'CRM', url })).rejects.toMatchObject(
      {
        detail: { fields: { url: expect.stringContaining(fault) } },
      },
    );
  });

  test('is told of areas that its keeper may read, and of no others', async () => {
    await expect(add(admin(), URL_, 'tickets,nothing')).rejects.toMatchObject({ code: 'invalid' });
    await expect(add(admin(), URL_, 'people')).rejects.toMatchObject({ code: 'invalid' });
    await stage.owner(`update person set grants = '{"billing": "none"}' where id = $1`, [firm.acme.clientAdmin]);
    await expect(add(clientAdmin(), URL_, 'invoices')).rejects.toMatchObject({ code: 'invalid' });
    const { id } = await add(clientAdmin());
    const { areas } = await read(clientAdmin(), id);

    // “All” is what they may read now, and stays that.
    expect(areas).toEqual(expect.arrayContaining(['tickets', 'cycles']));
    expect(areas).not.toContain('invoices');
    const form = await showView(stage.app, onPage(clientAdmin()), { target: 'endpoint.add', input: {} });
    expect(JSON.stringify(form)).not.toContain('"invoices"');
  });

  test('is one of twenty at most, of the firm and of each client', async () => {
    for (let index = 0; index < MOST_ENDPOINTS; index += 1) await add(admin());

    await expect(add(admin())).rejects.toMatchObject({ code: 'conflict' });
    expect((await add(clientAdmin())).id).toBeTruthy();
  });

  test('is changed, and an old card changes nothing', async () => {
    const { id } = await add(admin());
    await run(admin(), 'endpoint.change', {
      endpoint: id,
      version: 1,
      name: 'New CRM',
      url: 'https://new.example.com/',
      areas: 'tickets',
    });

    expect(await read(admin(), id)).toMatchObject({
      name: 'New CRM',
      url: 'https://new.example.com/',
      areas: ['tickets'],
      version: 2,
    });
    await expect(
      run(admin(), 'endpoint.change', { endpoint: id, version: 1, name: 'CRM', url: URL_ }),
    ).rejects.toMatchObject({ code: 'stale' });
    await expect(
      run(admin(), 'endpoint.change', {
        endpoint: id,
        version: 2,
        name: 'New CRM',
        url: 'https://new.example.com/',
        areas: 'tickets',
      }),
    ).rejects.toMatchObject({ code: 'conflict' });
  });

  test('that is put to use again by the firm stays its client’s to be told of', async () => {
    const { id } = await add(clientAdmin());
    await run(admin(), 'endpoint.pause', { endpoint: id, version: 1 });
    await run(admin(), 'endpoint.resume', { endpoint: id, version: 2 });

    expect((await read(admin(), id)).ownerId).toBe(firm.acme.clientAdmin);
  });

  test('whose owner has left is told of to whoever leads its client now', async () => {
    const { id } = await add(clientAdmin());
    const [other] = await stage.owner(
      `insert into person (tenant_id, id, side, client_id, name, timezone, role)
       values ($1, gen_random_uuid(), 'contact', $2, 'Next', 'Europe/Berlin', 'client_admin') returning id`,
      [firm.tenantId, firm.acme.id],
    );
    await stage.owner('update person set active = false where id = $1', [firm.acme.clientAdmin]);
    const system = { kind: 'system', tenantId: firm.tenantId, reason: 'test' } as const;
    await run(system, 'endpoint.note-failed', { endpoint: id, reason: 'It answered 410: it is gone for good.' });

    const [event] = await stage.owner(`select data from event where name = 'endpoint.failed' and tenant_id = $1`, [
      firm.tenantId,
    ]);
    expect(event?.data).toMatchObject({ tell: [other?.id] });
  });

  test('shows what can be done about it as it stands', async () => {
    const { id } = await add(admin());
    const labels = async () =>
      buttonsOf(await showView(stage.app, admin(), { target: 'endpoint.show', input: { endpoint: id } })).map(
        ({ label }) => label,
      );

    expect(await labels()).toEqual(['Send a test', 'Send again…', 'Change…', 'New secret', 'Pause', 'Remove']);
    await run(admin(), 'endpoint.pause', { endpoint: id, version: 1 });
    expect(await labels()).toEqual(['Use it again', 'Change…', 'New secret', 'Remove']);
  });
});

describe('a secret', () => {
  test('is shown once, on the page of the press, and stands nowhere', async () => {
    const requestId = crypto.randomUUID();
    const request = { name: 'endpoint.add', input: { name: 'CRM', url: URL_ }, requestId };
    const { shown, output } = await runCommand(stage.app, onPage(admin()), request);
    expect(shown?.text).toMatch(/^whsec_/);
    expect((await runCommand(stage.app, onPage(admin()), request)).shown).toBeUndefined();

    const secret = shown?.text ?? '';
    const raw = Buffer.from(secret.slice('whsec_'.length), 'base64');
    for (const { name } of await stage.owner(
      `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`,
    )) {
      const rows = JSON.stringify(await stage.owner(`select t::text as row from ${name} t`));
      expect([name, rows.includes(secret) || rows.includes(raw.toString('hex'))]).toEqual([name, false]);
    }
    expect(JSON.stringify(output)).not.toContain('whsec_');
    const { id } = output as { id: string };
    expect(
      JSON.stringify(await readView(stage.app, admin(), { target: 'endpoint.show', input: { endpoint: id } })),
    ).not.toContain('whsec_');
  });

  test('is made nowhere but on a page', async () => {
    const { id } = await add(admin());
    for (const [name, input] of [
      ['endpoint.add', { name: 'CRM', url: URL_ }],
      ['endpoint.rotate-secret', { endpoint: id, version: 1 }],
    ] as const)
      await expect(run(admin(), name, input)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('is one of two at most, however often a new one is made', async () => {
    const { id } = await add(admin());
    for (const version of [1, 2, 3]) await run(onPage(admin()), 'endpoint.rotate-secret', { endpoint: id, version });

    const rows = await stage.owner('select ends_at from endpoint_secret where endpoint_id = $1 order by created_at', [
      id,
    ]);
    expect(rows.map(({ ends_at }) => ends_at !== null)).toEqual([true, false]);
  });
});

describe('the database', () => {
  test('lets nobody write an endpoint but by its functions, and by these only who keeps it', async () => {
    const theirs = await add(clientAdmin());
    // Who reads all of the client has the database role of its administrators, and leads it all the same not.
    await stage.owner(
      `insert into membership (tenant_id, client_id, project_id, person_id, role) values ($1, $2, $3, $4, 'viewer')`,
      [firm.tenantId, firm.acme.id, firm.acme.otherProject, firm.acme.viewer],
    );
    const people = [
      admin(),
      clientAdmin(),
      clientAdmin(firm.globex),
      as(firm, firm.acme.approver),
      as(firm, firm.partner),
      as(firm, firm.acme.viewer),
    ];
    for (const who of people)
      for (const text of [
        `update endpoint set url = 'https://evil.example/'`,
        `delete from endpoint`,
        `insert into endpoint (tenant_id, id, name, url, owner_id, created_at) select tenant_id, gen_random_uuid(), 'x', 'x', owner_id, now() from endpoint`,
        'select * from endpoint_secret',
        `update endpoint_delivery set state = 'delivered'`,
      ])
        await expect(acting(stage.app, who, (attempt) => attempt(text))).rejects.toMatchObject({ code: 'forbidden' });
    const row = {
      id: theirs.id,
      clientId: firm.acme.id,
      name: 'x',
      url: 'https://evil.example/',
      status: 'active',
      version: 2,
    };
    for (const who of people.slice(2))
      for (const text of [
        `select parley_write_endpoint('${JSON.stringify({ ...row, ownerId: firm.admin })}'::jsonb)`,
        `select parley_keep_endpoint_secret('${theirs.id}', gen_random_uuid(), 'x', now(), now())`,
        `select parley_remove_endpoint('${theirs.id}')`,
      ])
        await expect(acting(stage.app, who, (attempt) => attempt(text))).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('keeps an endpoint whose it is: nobody makes it another client’s, or the firm’s', async () => {
    const { id } = await add(clientAdmin());
    for (const clientId of [null, firm.globex.id]) {
      const row = {
        id,
        clientId,
        name: 'x',
        url: 'https://x.example/',
        status: 'active',
        version: 2,
        ownerId: firm.admin,
      };
      const text = `select parley_write_endpoint('${JSON.stringify(row)}'::jsonb) as up`;
      expect(await acting(stage.app, admin(), (attempt) => attempt(text))).toEqual([{ up: false }]);
    }
  });

  test('keeps what was sent for 30 days', async () => {
    const { id } = await add(admin());
    const put = (days: number) =>
      stage.owner(
        `insert into endpoint_delivery (tenant_id, id, endpoint_id, event_id, event_seq, event_at, type, entity, entity_id, due_at, created_at)
         values ($1, gen_random_uuid(), $2, gen_random_uuid(), 1, now(), 'x', 'x', gen_random_uuid(), now(), now() - $3 * interval '1 day')`,
        [firm.tenantId, id, days],
      );
    await put(29);
    await put(31);
    await stage.owner('select parley_sweep_endpoint_delivery(100)');

    expect(await stage.owner('select from endpoint_delivery where endpoint_id = $1', [id])).toHaveLength(1);
  });
});
