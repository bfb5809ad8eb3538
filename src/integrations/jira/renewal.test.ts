import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { AccountBroken } from '../../core/kernel/accounts.ts';
import type { Who } from '../../core/kernel/actor.ts';
import { openedCredentials, storedConnection } from '../../core/kernel/connection.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';
import { connectProven } from '../../core/kernel/proven.ts';
import { showView } from '../../core/kernel/registry.ts';
import { renewedCredentials } from '../../core/kernel/renewal.ts';
import { as } from '../../testing/firm.ts';
import type { GrantedHub } from '../../testing/granted-jira-hub.ts';
import { accountsOf, startGrantedHub } from '../../testing/granted-jira-hub.ts';
import { jiraFor } from '../../testing/jira-hub.ts';
import type { ManyAccounts } from '../accounts.ts';
import type { GrantCredentials } from './credentials.ts';

const HOURS_2 = 2 * 3_600_000;

let hub: GrantedHub;

beforeEach(async () => {
  hub = await startGrantedHub();
});
afterEach(() => hub.close());

/** Asks the site for changes, as the clock does. */
const look = (accounts: ManyAccounts = hub.connectors) =>
  accounts.use(hub.firm.tenantId, { account: hub.jira.account }, (connector, connection) =>
    Promise.resolve(connector.pull?.(connection, null)),
  );
const refreshes = () => hub.atlassian.grants.asked.filter((kind) => kind === 'refresh_token').length;

async function stored() {
  const connection = await storedConnection(hub.app, hub.firm.tenantId, 'jira', { account: hub.jira.account });
  if (!connection) throw new Error('there is no connection');
  return { connection, credentials: (await openedCredentials(hub.app, connection)) as GrantCredentials };
}

async function again(credentials: GrantCredentials): Promise<void> {
  const who = as(hub.firm, hub.firm.admin) as Extract<Who, { kind: 'person' }>;
  const given = { tool: 'jira', account: hub.jira.account, name: null, credentials };
  await connectProven(hub.app, who, given, crypto.randomUUID());
}

describe('an access token that is over', () => {
  test('is renewed once, however many processes and calls find it out at the same time', async () => {
    const processes = [hub.connectors, hub.process(), hub.process()];
    for (const accounts of processes) await look(accounts);
    expect(refreshes()).toBe(0);
    hub.app.clock.jump(HOURS_2);

    await Promise.all(processes.flatMap((accounts) => [look(accounts), look(accounts)]));

    expect(refreshes()).toBe(1);
    await Promise.all(processes.slice(1).map((accounts) => accounts.close()));
  });

  test('has its new one stored before anybody works with it', async () => {
    const before = (await stored()).credentials;
    hub.app.clock.jump(HOURS_2);
    let letGo = (): void => undefined;
    hub.jira.failNext('search', { until: new Promise<void>((resolve) => (letGo = resolve)) });
    const asked = hub.jira.calls.length;

    const looking = look();
    while (hub.jira.calls.length === asked) await new Promise((resolve) => setImmediate(resolve));
    const { credentials } = await stored();
    letGo();
    await looking;

    expect(credentials.refreshToken).not.toBe(before.refreshToken);
    expect(hub.atlassian.grants.of(credentials.accessToken)).not.toBeNull();
  });

  test('in the middle of a call has the call sent again, with the new one', async () => {
    hub.atlassian.grants.endAccess();

    expect(await look()).toMatchObject({ deliveries: [] });
    expect(refreshes()).toBe(1);
  });

  test('in one process, which another has renewed, is not renewed again', async () => {
    const other = hub.process();
    await look();
    await look(other);
    hub.atlassian.grants.endAccess();
    await look(other);

    await look();
    expect(refreshes()).toBe(1);
    await other.close();
  });

  test('is renewed by the next one when whoever renewed it died, and not before their time is over', async () => {
    hub.app.clock.jump(HOURS_2);
    await hub.query(`update credentials set renewing_until = clock_timestamp() + interval '1 second'`);
    const begun = performance.now();

    await look();

    expect(performance.now() - begun).toBeGreaterThan(800);
    expect(refreshes()).toBe(1);
  });

  test('leaves credentials alone that took its place meanwhile', async () => {
    const { connection, credentials } = await stored();
    const newer = { ...credentials, accessToken: 'newer', refreshToken: 'newer', project: 'NEWER' };

    const got = await renewedCredentials<GrantCredentials>(hub.app, connection, {
      parse: (raw) => raw as GrantCredentials,
      isOver: ({ accessToken }) => accessToken === credentials.accessToken,
      renew: async (old) => {
        await again(newer);
        return { ...old, accessToken: 'late' };
      },
    });

    expect(got).toEqual(newer);
    expect((await stored()).credentials).toEqual(newer);
  });
});

describe('an answer of Atlassian that is lost', () => {
  test('is asked for again while the refresh token counts', async () => {
    hub.atlassian.grants.leeway = 600_000;
    hub.app.clock.jump(HOURS_2);
    hub.atlassian.failTokens(0);

    await expect(look()).rejects.toBeInstanceOf(RetryLater);
    expect((await stored()).connection.status).toBe('active');
    await look();
    expect(refreshes()).toBe(2);
  });

  test('and whose refresh token is dead since breaks the connection, which says how it is mended', async () => {
    hub.app.clock.jump(HOURS_2);
    hub.atlassian.failTokens(0);
    await expect(look()).rejects.not.toBeInstanceOf(AccountBroken);

    await expect(look()).rejects.toBeInstanceOf(AccountBroken);
    expect((await stored()).connection).toMatchObject({
      status: 'broken',
      fault: expect.stringContaining('Press “Reconnect”'),
    });
  });

  test('because Atlassian is in trouble breaks nothing', async () => {
    hub.app.clock.jump(HOURS_2);
    hub.atlassian.failTokens(502);

    await expect(look()).rejects.toMatchObject({
      name: 'RetryLater',
      message: expect.not.stringContaining('refresh-'),
    });
    await look();
    expect((await stored()).connection.status).toBe('active');
  });
});

describe('a connection that Atlassian lets in no more', () => {
  test('is a card in the triage room that leads to connecting it again, and works once that is done', async () => {
    const { connection, credentials } = await stored();
    hub.atlassian.grants.revoke();

    await expect(look()).rejects.toBeInstanceOf(AccountBroken);
    await expect(look()).rejects.toBeInstanceOf(AccountBroken);

    const room = { kind: 'audience', tenantId: hub.firm.tenantId, roomId: hub.firm.triageRoom } as const;
    const press = { target: 'connection.show', input: { connection: connection.id } };
    const card = await showView(hub.app, room, press);
    expect(card).toMatchObject({ title: `Jira ${hub.jira.account} cannot be reached`, tone: 'danger' });
    expect(card.actions.map(({ label }) => label)).toEqual(['Try again', 'Reconnect']);
    expect(JSON.stringify(card)).not.toContain(credentials.accessToken);

    const { grants } = hub.atlassian;
    const tokens = grants.exchange(grants.code([credentials.cloudId], ['write:jira-work'], 'back'), 'back');
    await again({
      ...credentials,
      accessToken: tokens?.access_token ?? '',
      refreshToken: tokens?.refresh_token ?? '',
    });
    await look();
    expect((await stored()).connection.status).toBe('active');
  });

  test('because the hub’s own app changed says that, and not that people must allow it again', async () => {
    hub.app.clock.jump(HOURS_2);
    const other = accountsOf(hub.app, { ...hub.application, clientSecret: 'another secret' });

    await expect(look(other)).rejects.toBeInstanceOf(AccountBroken);
    await other.close();

    expect((await stored()).connection.fault).toContain('JIRA_CLIENT_SECRET');
  });

  test('stops no other: one site goes on while the other’s permission is gone', async () => {
    const site = await jiraFor(hub.app, '');
    const { stop } = await hub.another(site);
    hub.atlassian.grants.revoke(1);
    const asking = (account: string) =>
      hub.connectors.use(hub.firm.tenantId, { account }, async (connector, connection) =>
        connector.pull?.(connection, null),
      );

    await expect(asking(site.account)).rejects.toBeInstanceOf(AccountBroken);
    await asking(hub.jira.account);
    await stop();
    await site.stop();
  });
});
