import { randomUUID } from 'node:crypto';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openLog } from '../../log.ts';
import { acting } from '../../testing/acting.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner, SECRET } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { openedCredentials, storedConnection } from '../kernel/connection.ts';
import { rewrapFirmKeys } from '../kernel/firm-key.ts';
import type { ProvenAccount } from '../kernel/proven.ts';
import { connectProven } from '../kernel/proven.ts';
import { runCommand } from '../kernel/registry.ts';
import { secretsFrom } from '../kernel/secrets.ts';

// In two parts, so that nobody who looks for secrets takes it for one.
const TOKEN = ['xoxb', 'a-token-that-nobody-reads-0123456789'].join('-');
const YOUNG = 'a younger secret for tests, long enough to be one';

let app: TestApp;
let firm: TestFirm;
let other: TestFirm;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  other = await makeFirm(app.database, 'Another Studio');
});
afterAll(() => app.close());

type Acting = Extract<Who, { kind: 'person' | 'system' }>;
const admin = (of: TestFirm): Acting => as(of, of.admin) as Acting;
const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
const add = (who: Acting, account: string, more: Partial<ProvenAccount> = {}) =>
  connectProven(
    app,
    who,
    { tool: 'slack', account, name: null, credentials: { botToken: TOKEN }, ...more },
    randomUUID(),
  );

async function tokenOf(account: string, secrets = app.secrets): Promise<unknown> {
  const stored = await storedConnection(app, firm.tenantId, 'slack', { account });
  return stored && openedCredentials({ ...app, secrets }, stored);
}

describe('an account with credentials of its own', () => {
  test('is connected by an administrator, and opened for the hub', async () => {
    const { isNew } = await add(admin(firm), 'T-own', { name: 'Northwind', scopes: ['chat:write'] });

    expect(isNew).toBe(true);
    expect(await tokenOf('T-own')).toEqual({ botToken: TOKEN });
    expect(await owner(`select settings, scopes, status, version from connection where account = 'T-own'`)).toEqual([
      { settings: { name: 'Northwind' }, scopes: ['chat:write'], status: 'active', version: 1 },
    ]);
  });

  test('connected again takes the place of what was there, under the same id', async () => {
    const first = await add(admin(firm), 'T-again');
    const second = await add(admin(firm), 'T-again', { credentials: { botToken: 'xoxb-renewed' } });

    expect(second).toMatchObject({ id: first.id, isNew: false });
    expect(await tokenOf('T-again')).toEqual({ botToken: 'xoxb-renewed' });
  });

  test('is refused to a second firm, whose credentials are not kept either', async () => {
    await add(admin(firm), 'T-contested');

    await expect(add(admin(other), 'T-contested')).rejects.toMatchObject({
      code: 'conflict',
      say: expect.stringContaining('by another firm'),
    });
    expect(
      await owner(`select c.tenant_id from connection c join credentials s on s.connection_id = c.id
        where c.account = 'T-contested'`),
    ).toEqual([{ tenant_id: firm.tenantId }]);
  });

  test('is free for another firm once it was given up', async () => {
    const { id } = await add(admin(firm), 'T-moves');
    const drop = { name: 'connection.drop', input: { connection: id }, requestId: randomUUID() };
    await expect(runCommand(app, as(other, other.admin), drop)).rejects.toMatchObject({ code: 'not_found' });
    await runCommand(app, as(firm, firm.admin), drop);

    expect(await owner('select from credentials where connection_id = $1', [id])).toEqual([]);
    expect(await add(admin(other), 'T-moves')).toMatchObject({ isNew: true });
  });

  test.each(['partner', 'member'] as const)('is not connected by a %s, nor by a contact', async (role) => {
    await expect(add(as(firm, firm[role]) as Acting, 'T-not-theirs')).rejects.toMatchObject({ code: 'forbidden' });
    await expect(add(as(firm, firm.acme.clientAdmin) as Acting, 'T-not-theirs')).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await owner(`select from connection where account = 'T-not-theirs'`)).toEqual([]);
  });

  test('is not connected by a press of somebody’s own making', async () => {
    const proof = JSON.stringify({ tenantId: firm.tenantId, id: randomUUID(), tool: 'slack', account: 'T-forged' });
    const signature = secretsFrom([YOUNG]).sign('proven account', proof);

    await expect(
      runCommand(app, admin(firm), { name: 'connection.add', input: { proof, signature }, requestId: randomUUID() }),
    ).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('what it is reached with', () => {
  test('stands readable in no table of the database', async () => {
    await add(admin(firm), 'T-dumped');
    const tables =
      await owner(`select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'm') and n.nspname in ('public', 'gate', 'pgboss')`);
    const hex = Buffer.from(TOKEN).toString('hex');
    const base64 = Buffer.from(TOKEN).toString('base64').slice(0, 30);

    const found: string[] = [];
    let rows = 0;
    for (const { name } of tables)
      for (const { line } of await owner(`select row_to_json(t)::text as line from ${String(name)} t`)) {
        rows += 1;
        if ([TOKEN, hex, base64].some((form) => String(line).includes(form))) found.push(String(name));
      }

    expect(found).toEqual([]);
    expect(rows).toBeGreaterThan(20);
    console.log(`credentials: none readable in ${rows} rows of ${tables.length} tables`);
  });

  test('is found by the same search where it is stored as it is', async () => {
    await owner(
      `update connection set settings = settings || jsonb_build_object('leak', $1::text) where account = 'T-own'`,
      [TOKEN],
    );
    const [row] = await owner(`select row_to_json(t)::text as line from connection t where account = 'T-own'`);
    await owner(`update connection set settings = settings - 'leak' where account = 'T-own'`);

    expect(String(row?.line)).toContain(TOKEN);
  });

  test('stands in no log and in no error, whatever goes wrong', async () => {
    let log = '';
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        log += String(chunk);
        done();
      },
    });
    const logged = { ...app, log: openLog('trace', sink) };
    const given = { tool: 'slack', account: 'T-contested', name: null, credentials: { botToken: TOKEN } };
    const error = await connectProven(logged, admin(other), given, randomUUID()).catch((thrown: unknown) => thrown);
    logged.log.error({ err: error, ...given }, 'could not connect');

    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(TOKEN);
    expect(log).toContain('could not connect');
    expect(log).not.toContain(TOKEN);
  });

  test('is read by no role of people, in their own transaction with any statement', async () => {
    for (const person of [firm.admin, firm.partner, firm.member, firm.acme.clientAdmin, firm.acme.viewer])
      for (const text of ['select * from credentials', 'select * from firm_key'])
        await expect(acting(app, as(firm, person), (attempt) => attempt(text))).rejects.toMatchObject({
          code: 'forbidden',
        });
  });

  test('opens for no other connection: it cannot be put in another’s place', async () => {
    await add(admin(firm), 'T-victim', { credentials: { botToken: 'xoxb-victim' } });
    await owner(`update credentials set sealed =
        (select s.sealed from credentials s join connection c on c.id = s.connection_id where c.account = 'T-own')
      where connection_id = (select id from connection where account = 'T-victim')`);

    await expect(tokenOf('T-victim')).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('is not connected by writing to the tables: only an administrator of a firm does that, by a command', async () => {
    const text = `insert into connection (tenant_id, id, tool, account) values ('${firm.tenantId}', gen_random_uuid(), 'slack', 'T-sql')`;
    const call = `select parley_keep_connection('{"id": "${randomUUID()}", "tool": "slack", "account": "T-sql", "settings": {}, "scopes": [], "sealed": "", "listens": false}')`;
    for (const person of [firm.admin, firm.partner, firm.member])
      await expect(acting(app, as(firm, person), (attempt) => attempt(text))).rejects.toMatchObject({
        code: 'forbidden',
      });
    for (const person of [firm.partner, firm.member])
      await expect(acting(app, as(firm, person), (attempt) => attempt(call))).rejects.toMatchObject({
        code: 'forbidden',
      });
  });
});

describe('while PARLEY_SECRET is changed', () => {
  const query = async (text: string, values?: unknown[]) => ({ rows: await owner(text, values) });
  // The owner's connection of these tests answers one statement at a time, and not as the gate.
  const rewrap = (...secrets: [string, ...string[]]) => rewrapFirmKeys({ query }, secretsFrom(secrets));
  const copies = async () =>
    Number((await owner('select count(*) from firm_key where tenant_id = $1', [firm.tenantId]))[0]?.count);

  test('processes with the old secret and with the new one open the same credentials, until the old one is given up', async () => {
    expect(await tokenOf('T-own')).toEqual({ botToken: TOKEN });
    await expect(tokenOf('T-own', secretsFrom([YOUNG]))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await tokenOf('T-own', secretsFrom([YOUNG, SECRET]))).toEqual({ botToken: TOKEN });

    await rewrap(YOUNG, SECRET);
    expect(await copies()).toBe(2);
    expect(await tokenOf('T-own', secretsFrom([YOUNG]))).toEqual({ botToken: TOKEN });
    expect(await tokenOf('T-own', secretsFrom([SECRET]))).toEqual({ botToken: TOKEN });

    await rewrap(YOUNG);
    expect(await copies()).toBe(1);
    expect(await tokenOf('T-own', secretsFrom([YOUNG]))).toEqual({ botToken: TOKEN });
    await expect(tokenOf('T-own')).rejects.toMatchObject({ code: 'unavailable' });
    await rewrap(SECRET, YOUNG);
    await rewrap(SECRET);
  });

  test('a secret that opens nothing takes nothing away, unless the other one is said to be lost', async () => {
    const third = secretsFrom(['a third secret for tests, long enough to be one']);
    expect(await rewrapFirmKeys({ query }, third)).toBeGreaterThan(0);
    expect(await tokenOf('T-own')).toEqual({ botToken: TOKEN });

    await rewrapFirmKeys({ query }, third, { lost: true });
    expect(await owner('select from credentials')).toEqual([]);
    expect(await owner(`select status from connection where account = 'T-own'`)).toEqual([{ status: 'revoked' }]);
    await add(admin(firm), 'T-own');
    expect(await tokenOf('T-own')).toEqual({ botToken: TOKEN });
  });
});
