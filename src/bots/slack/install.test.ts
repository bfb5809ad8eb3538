import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import type { Card } from '../../core/kernel/card.ts';
import { beginningOf, signBeginning } from '../../core/kernel/connect-link.ts';
import type { StoredConnection } from '../../core/kernel/connection.ts';
import { egressOf } from '../../core/kernel/egress.ts';
import type { InboxItem } from '../../core/kernel/inbox.ts';
import type { SlackStandIn } from '../../simulator/slack/index.ts';
import { startSlackStandIn } from '../../simulator/slack/index.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { makeFirm } from '../../testing/firm.ts';
import type { Listening } from '../../testing/listen.ts';
import { listen } from '../../testing/listen.ts';
import { ManyAccounts } from '../accounts.ts';
import type { Room } from '../channel.ts';
import { channels } from '../channels.ts';
import { inboundFor } from '../inbound.ts';
import { openSlack } from './index.ts';

const SECRET = 'the signing secret of the hub’s app';

let app: TestApp;
let firm: TestFirm;
let other: TestFirm;
/** Two workspaces of one Slack: the first answers for both. */
let north: SlackStandIn;
let rival: SlackStandIn;
let many: ManyAccounts;
let server: Listening;
let url: string;
const removed: [StoredConnection, string][] = [];

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  other = await makeFirm(app.database, 'Rival & Sons');
  const web = express();
  server = await listen(web);
  url = server.url;
  const eventsUrl = `${url}/slack/events`;
  north = await startSlackStandIn({ signingSecret: SECRET, eventsUrl, team: 'T0NORTH' });
  rival = await startSlackStandIn({ signingSecret: SECRET, eventsUrl, team: 'T0RIVAL', botToken: botToken('rival') });
  rival.joins(north);
  const config = { signingSecret: SECRET, clientId: '1.2', clientSecret: 'client secret', apiUrl: north.apiUrl };
  const inbound = inboundFor(app);
  const tools = { app, inbound, publicUrl: url };
  const own = await openSlack(config, { ...tools, as: (account, work) => many.as(account, work) });
  const kind = channels.find(({ name }) => name === 'slack') as (typeof channels)[number];
  many = new ManyAccounts(kind, {
    ...tools,
    own,
    egress: egressOf([]),
    refused: async () => undefined,
    removed: async (connection, reason) => void removed.push([connection, reason]),
    left: async () => undefined,
    returned: async () => undefined,
  });
  many.mount(web);
});
afterAll(async () => {
  await Promise.all([many.close(), north.stop(), rival.stop()]);
  await server.stop();
  await app.close();
});
beforeEach(async () => {
  await owner(`delete from connection where account in ('T0NORTH', 'T0RIVAL')`);
});

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);
// Put together here, so that no scanner takes it for somebody's.
function botToken(of: string): string {
  return ['xoxb', of, 'token'].join('-');
}

/** A browser that keeps the cookies of the hub. */
function browser() {
  let cookie = '';
  return async (path: string) => {
    const response = await fetch(new URL(path, url), { redirect: 'manual', headers: { cookie } });
    const set = response.headers.get('set-cookie')?.split(';')[0];
    if (set) cookie = set;
    return { status: response.status, location: response.headers.get('location') ?? '', text: await response.text() };
  };
}

const linkOf = (of: TestFirm, person = of.admin, nonce: string = crypto.randomUUID()) =>
  `/slack/install/${signBeginning(app.secrets, beginningOf({ ...of, personId: person }, 'slack', nonce, app.clock.now()))}`;

/** Goes from the link to Slack, and says yes there for a workspace. */
async function install(browse: ReturnType<typeof browser>, link: string, workspace: SlackStandIn) {
  const { location } = await browse(`${link}?go`);
  return browse(new URL(workspace.allow(location)).pathname + new URL(workspace.allow(location)).search);
}

const connections = () =>
  owner(`select c.tenant_id, c.account, c.settings, c.scopes, c.status, s.sealed is not null as sealed from connection c
    left join credentials s on s.connection_id = c.id where c.account like 'T0%' order by c.account`);

describe('an administrator adds Parley to a workspace', () => {
  test('sees for which firm, allows it in Slack, and cards go there by the workspace’s own token', async () => {
    const browse = browser();
    const link = linkOf(firm);
    expect((await browse(link)).text).toContain('a Slack workspace of Northwind Studio');

    const done = await install(browse, link, north);

    expect(done).toMatchObject({ status: 200, text: expect.stringContaining('Northwind is connected') });
    expect(await connections()).toMatchObject([
      { tenant_id: firm.tenantId, account: 'T0NORTH', settings: { name: 'Northwind' }, status: 'active', sealed: true },
    ]);
  });

  test('of two firms each, on one hub: cards of one never go to the other’s', async () => {
    await install(browser(), linkOf(firm), north);
    await install(browser(), linkOf(other), rival);
    for (const workspace of [north, rival]) workspace.addChannel('C1', 'general', []);

    await send(firm, 'T0NORTH', 'For Northwind');
    await send(other, 'T0RIVAL', 'For Rival');

    expect(textsOf(north)).toEqual(['For Northwind']);
    expect(textsOf(rival)).toEqual(['For Rival']);
    await expect(send(firm, 'T0RIVAL', 'For nobody')).rejects.toThrow('not connected');
  });
});

describe('nothing is connected', () => {
  test('with the state of somebody else’s browser', async () => {
    const { location } = await browser()(`${linkOf(firm)}?go`);
    const back = new URL(north.allow(location));
    const { status, text } = await browser()(back.pathname + back.search);

    expect(status).toBe(403);
    expect(text).toContain('This did not begin in this browser');
    expect(await connections()).toEqual([]);
  });

  test('with a state that nobody signed, and with one that is too old', async () => {
    const browse = browser();
    const forged = linkOf(firm).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect((await browse(`${forged}?go`)).status).toBe(403);

    const link = linkOf(firm);
    const { location } = await browse(`${link}?go`);
    app.clock.jump(11 * 60_000);
    const back = new URL(north.allow(location));
    expect((await browse(back.pathname + back.search)).status).toBe(403);
    expect(await connections()).toEqual([]);
  });

  test('by somebody who is no administrator, whatever Slack allows them', async () => {
    for (const person of [firm.partner, firm.member, firm.acme.clientAdmin])
      expect((await install(browser(), linkOf(firm, person), north)).status).toBe(403);
    expect(await connections()).toEqual([]);
  });

  test('a second time by the same link, neither the same workspace nor another', async () => {
    const browse = browser();
    const link = linkOf(firm);
    await install(browse, link, north);

    expect((await install(browse, link, rival)).status).toBe(403);
    expect(await connections()).toMatchObject([{ account: 'T0NORTH' }]);
  });

  test('for a second firm in a workspace that a first one has', async () => {
    await install(browser(), linkOf(firm), north);
    const { status, text } = await install(browser(), linkOf(other), north);

    expect(status).toBe(403);
    expect(text).toContain('is connected by another firm');
    expect(await connections()).toMatchObject([{ tenant_id: firm.tenantId }]);
  });

  test('when it is not allowed in Slack', async () => {
    const browse = browser();
    const { location } = await browse(`${linkOf(firm)}?go`);
    const state = new URL(location).searchParams.get('state') ?? '';
    const { status, text } = await browse(
      `/slack/oauth_redirect?error=access_denied&state=${encodeURIComponent(state)}`,
    );

    expect(status).toBe(403);
    expect(text).toContain('You did not allow it');
  });
});

describe('a workspace that Parley was removed from', () => {
  const uninstalled = (at: number): InboxItem =>
    ({
      tenantId: firm.tenantId,
      source: 'slack',
      account: 'T0NORTH',
      kind: 'app_uninstalled',
      headers: {},
      body: Buffer.from(JSON.stringify({ type: 'event_callback', event_time: at, event: { type: 'app_uninstalled' } })),
    }) as unknown as InboxItem;

  test('is noted as removed', async () => {
    removed.length = 0;
    await install(browser(), linkOf(firm), north);

    expect(await many.work(uninstalled(Date.now() / 1000 + 60))).toMatchObject({ status: 'applied' });
    expect(removed).toMatchObject([[{ account: 'T0NORTH' }, expect.stringContaining('removed')]]);
  });

  test('and to which it was added again since is left as it is', async () => {
    removed.length = 0;
    await install(browser(), linkOf(firm), north);

    expect(await many.work(uninstalled(Date.now() / 1000 - 60))).toMatchObject({ status: 'duplicate' });
    expect(removed).toEqual([]);
  });
});

async function send(of: TestFirm, account: string, title: string): Promise<void> {
  const room = { tenantId: of.tenantId, channel: 'slack', account, address: 'C1', clientId: null } as Room;
  const about = { entity: 'project', id: crypto.randomUUID(), version: 1 };
  const card: Card = { title, tone: 'info', blocks: [], actions: [], fallback: title, about };
  await many.send(room, card, { cardId: crypto.randomUUID(), thread: null });
}

function textsOf({ workspace }: SlackStandIn): string[] {
  return workspace.channels.C1?.messages.map(({ text }) => text) ?? [];
}
