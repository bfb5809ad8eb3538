import { Writable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { readConfig } from '../../config.ts';
import { beginningOf, signBeginning } from '../../core/kernel/connect-link.ts';
import { openedCredentials, storedConnection } from '../../core/kernel/connection.ts';
import { showView } from '../../core/kernel/registry.ts';
import { openLog } from '../../log.ts';
import { platformsOf } from '../../platforms.ts';
import type { AtlassianStandIn } from '../../simulator/jira/atlassian.ts';
import { startAtlassianStandIn } from '../../simulator/jira/atlassian.ts';
import type { JiraStandIn } from '../../simulator/jira/index.ts';
import { startJiraStandIn } from '../../simulator/jira/index.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner, SECRET } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import { accountsOf } from '../../testing/granted-jira-hub.ts';
import type { Listening } from '../../testing/listen.ts';
import { listen } from '../../testing/listen.ts';
import type { ManyAccounts } from '../accounts.ts';
import { leave } from '../upkeep.ts';
import { SCOPES } from './oauth.ts';

let app: TestApp;
let firm: TestFirm;
let other: TestFirm;
let atlassian: AtlassianStandIn;
let accounts: ManyAccounts;
/** Two sites, and one on which nobody made a project. */
let site: JiraStandIn;
let second: JiraStandIn;
let bare: JiraStandIn;
let ids: Record<'site' | 'second' | 'bare', string>;
let server: Listening;
let url: string;
let log = '';

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  other = await makeFirm(app.database, 'Rival & Sons');
  const web = express();
  server = await listen(web);
  url = server.url;
  const now = () => app.clock.now().getTime();
  atlassian = await startAtlassianStandIn({ clientId: 'the-app', clientSecret: 'the secret of the app', now });
  const of = (projects: string[]) =>
    startJiraStandIn({
      ...{ email: 'a@b.example', apiToken: 'token', project: projects[0] ?? 'NONE', projects },
      ...{ webhookUrl: '', webhookSecret: '', now },
    });
  [site, second, bare] = [await of(['ACME', 'OPS']), await of(['OTHER']), await of([])];
  ids = { site: atlassian.add(site, 'Northwind'), second: atlassian.add(second, 'Second'), bare: atlassian.add(bare) };
  const environment = {
    PARLEY_SECRET: SECRET,
    JIRA_CLIENT_ID: atlassian.clientId,
    JIRA_CLIENT_SECRET: atlassian.clientSecret,
    JIRA_AUTH_URL: atlassian.url,
    JIRA_API_URL: atlassian.url,
  };
  const config = readConfig(environment);
  const sink = new Writable({
    write: (chunk, _encoding, done) => {
      log += String(chunk);
      done();
    },
  });
  Object.assign(app, { publicUrl: url, platforms: platformsOf(config, () => app), log: openLog('trace', sink) });
  if (!config.jiraApp) throw new Error('the settings name no app');
  accounts = accountsOf(app, config.jiraApp);
  await accounts.mount(web);
});
afterAll(async () => {
  await accounts.close();
  await Promise.all([site.stop(), second.stop(), bare.stop(), atlassian.stop()]);
  await server.stop();
  await app.close();
});
beforeEach(async () => {
  await owner(`delete from connection where tool = 'jira'`);
  for (const one of [site, second]) one.appHooks.all = [];
});

interface Page {
  status: number;
  location: string;
  text: string;
}
type Browse = (path: string, form?: Record<string, string>) => Promise<Page>;

/** A browser that keeps the cookies of the hub. */
function browser(): Browse {
  let cookie = '';
  return async (path, form) => {
    const sent = form ? { method: 'POST', body: new URLSearchParams(form) } : {};
    const response = await fetch(new URL(path, url), { redirect: 'manual', headers: { cookie }, ...sent });
    const set = response.headers.get('set-cookie')?.split(';')[0];
    if (set) cookie = set;
    return { status: response.status, location: response.headers.get('location') ?? '', text: await response.text() };
  };
}

const linkOf = (of: TestFirm, person = of.admin, nonce: string = crypto.randomUUID()) =>
  `/jira/install/${signBeginning(app.secrets, beginningOf({ ...of, personId: person }, 'jira', nonce, app.clock.now()))}`;
const pathOf = (address: string) => new URL(address).pathname + new URL(address).search;
const hidden = ({ text }: Page) =>
  Object.fromEntries(
    [...text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, key, value]) => [key, value]),
  ) as Record<string, string>;
const options = ({ text }: Page) => [...text.matchAll(/<option value="([^"]*)"/g)].map(([, value]) => value);

/** Goes from the link to Atlassian. */
async function leaving(browse: Browse, link: string): Promise<string> {
  await browse(link);
  return (await browse(`${link}?go`)).location;
}

/** Allows it there, for these sites, and comes back. */
async function allow(browse: Browse, link: string, sites = [ids.site], scopes?: readonly string[]): Promise<Page> {
  return browse(pathOf(atlassian.allow(await leaving(browse, link), sites, scopes)));
}

async function connected(browse: Browse, link: string, project = 'ACME'): Promise<Page> {
  const choosing = await allow(browse, link);
  return browse('/jira/choose', { ...hidden(choosing), project });
}

const connections = () =>
  owner(`select tenant_id, account, scopes, status, settings from connection where tool = 'jira' order by account`);

describe('an administrator connects a site without typing', () => {
  test('sees for which firm, allows it in Atlassian, chooses a project, and the site is their firm’s', async () => {
    const browse = browser();
    const link = linkOf(firm);
    expect((await browse(link)).text).toContain('a Jira site of Northwind Studio');

    const choosing = await allow(browse, link);
    expect(choosing).toMatchObject({ status: 200, text: expect.stringContaining('Which project on') });
    expect(options(choosing)).toEqual(['ACME', 'OPS']);
    const done = await browse('/jira/choose', { ...hidden(choosing), project: 'OPS' });

    expect(done).toMatchObject({ status: 200, text: expect.stringContaining(`${site.account} is connected`) });
    expect(done.text).toContain('Jira tells Parley of changes at once.');
    expect(await connections()).toMatchObject([
      {
        tenant_id: firm.tenantId,
        account: site.account,
        scopes: SCOPES.filter((scope) => scope !== 'offline_access'),
        status: 'active',
        settings: { typed: { baseUrl: site.url, project: 'OPS' }, hooks: [expect.any(Number)] },
      },
    ]);
    const [hook] = site.appHooks.all;
    expect(hook).toMatchObject({ url: `${url}/webhooks/jira/${site.account}`, jqlFilter: 'project in (OPS)' });
  });

  test('and Parley works there with what Atlassian gave', async () => {
    await connected(browser(), linkOf(firm));

    const stored = await storedConnection(app, firm.tenantId, 'jira', { account: site.account });
    expect(stored && (await openedCredentials(app, stored))).toMatchObject({ cloudId: ids.site, project: 'ACME' });
    await accounts.use(firm.tenantId, { account: site.account }, async (connector, connection) => {
      expect(await connector.pull?.(connection, null)).toMatchObject({ deliveries: [] });
    });
  });

  test('chooses the site, where they let Parley into several', async () => {
    const browse = browser();
    const which = await allow(browse, linkOf(firm), [ids.site, ids.second]);
    expect(which.text).toContain('Which Jira site?');
    expect(options(which)).toEqual([ids.site, ids.second]);

    const project = await browse('/jira/choose', { ...hidden(which), site: ids.second });
    expect(options(project)).toEqual(['OTHER']);
    await browse('/jira/choose', { ...hidden(project), project: 'OTHER' });
    expect(await connections()).toMatchObject([{ account: second.account, status: 'active' }]);
  });

  test('finds the link on the page of the tool, and in a chat beside the one to that page', async () => {
    const press = { target: 'connection.new', input: { tool: 'jira' } };
    const card = await showView(app, as(firm, firm.admin), press);
    expect(card.actions.map(({ label }) => label)).toEqual(['Open the page', 'Allow Parley in a Jira site']);
    const links = card.actions.flatMap((action) => (action.kind === 'link' ? [action.url] : []));
    expect((await browser()(pathOf(String(links[1])))).status).toBe(200);
  });

  test('where Atlassian gives no permission for webhooks is told that changes are asked for', async () => {
    const scopes = SCOPES.filter((scope) => scope !== 'manage:jira-webhook');
    const browse = browser();
    const choosing = await allow(browse, linkOf(firm), [ids.site], scopes);
    const done = await browse('/jira/choose', { ...hidden(choosing), project: 'ACME' });

    expect(done.text).toContain('Parley asks for changes every ten minutes');
    expect(await connections()).toMatchObject([{ status: 'active' }]);
  });

  test('and gives it up again, with the webhooks that Parley made there', async () => {
    await connected(browser(), linkOf(firm));
    expect(site.appHooks.all).toHaveLength(1);
    const [row] = await owner(`select id from connection where tool = 'jira'`);

    await leave(app, new Map([['jira', accounts]]), String(row?.id));
    expect(site.appHooks.all).toEqual([]);
  });
});

describe('no site is connected', () => {
  test('in another browser than the one that was told for which firm, at any step', async () => {
    const link = linkOf(firm);
    expect(await browser()(`${link}?go`)).toMatchObject({ status: 200, location: '' });

    const browse = browser();
    const back = pathOf(atlassian.allow(await leaving(browse, link), [ids.site]));
    const elsewhere = await browser()(back);
    expect(elsewhere).toMatchObject({ status: 403, text: expect.stringContaining('did not begin in this browser') });

    const choosing = await browse(back);
    const posted = await browser()('/jira/choose', { ...hidden(choosing), project: 'ACME' });
    expect(posted).toMatchObject({ status: 403, text: expect.stringContaining('did not begin in this browser') });
    expect(await connections()).toEqual([]);
  });

  test('with the same state a second time, be it with the same code or another', async () => {
    const browse = browser();
    const link = linkOf(firm);
    const location = await leaving(browse, link);
    const back = pathOf(atlassian.allow(location, [ids.site]));
    expect((await browse(back)).status).toBe(200);

    expect((await browse(back)).status).toBe(403);
    expect((await browse(pathOf(atlassian.allow(location, [ids.site])))).status).toBe(403);
    expect(await connections()).toEqual([]);
  });

  test('with a state that nobody signed or that is too old, nor with a code that Atlassian did not give', async () => {
    const forged = linkOf(firm).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect((await browser()(forged)).status).toBe(403);

    const browse = browser();
    const location = await leaving(browse, linkOf(firm));
    const state = encodeURIComponent(new URL(location).searchParams.get('state') ?? '');
    const made = await browse(`/jira/oauth_redirect?code=made-up&state=${state}`);
    expect(made).toMatchObject({ status: 403, text: expect.stringContaining('Atlassian did not confirm it') });
    const back = atlassian.allow(location, [ids.site]);
    app.clock.jump(11 * 60_000);
    expect((await browse(pathOf(back))).status).toBe(403);
    expect(await connections()).toEqual([]);
  });

  test('when it is not allowed in Atlassian', async () => {
    const browse = browser();
    const { status, text } = await browse(pathOf(atlassian.deny(await leaving(browse, linkOf(firm)))));
    expect(status).toBe(403);
    expect(text).toContain('You did not allow it in Atlassian');
  });

  test('when Parley is let into none, or into one without a project', async () => {
    expect((await allow(browser(), linkOf(firm), [])).text).toContain('let Parley into no Jira site');
    const reads = ['read:jira-work', 'offline_access'];
    expect((await allow(browser(), linkOf(firm), [ids.site], reads)).text).toContain('let Parley into no Jira site');
    const none = await allow(browser(), linkOf(firm), [ids.bare]);
    expect(none).toMatchObject({ status: 403, text: expect.stringContaining('There is no project on') });
  });

  test('by somebody who is no administrator, whatever Atlassian allows them', async () => {
    for (const person of [firm.partner, firm.member, firm.acme.clientAdmin])
      expect((await connected(browser(), linkOf(firm, person))).status).toBe(403);
    expect(await connections()).toEqual([]);
  });

  test('with another site or project in the form than Parley was let into', async () => {
    const browse = browser();
    const choosing = await allow(browse, linkOf(firm));
    const form = hidden(choosing);
    expect((await browse('/jira/choose', { ...form, site: ids.second, project: 'OTHER' })).status).toBe(403);
    expect((await browse('/jira/choose', { ...form, project: 'OTHER' })).text).toContain('has no such project');
    expect((await browse('/jira/choose', { ...form, project: '../OTHER' })).status).toBe(403);
    expect(await connections()).toEqual([]);
  });

  test('with what Atlassian gave to somebody else, or with a byte of it changed', async () => {
    const theirs = hidden(await allow(browser(), linkOf(other)));
    const browse = browser();
    const ours = hidden(await allow(browse, linkOf(firm)));
    const own = ours.grant ?? '';
    const changed = own.slice(0, 80) + (own[80] === 'x' ? 'y' : 'x') + own.slice(81);
    const grants = [theirs.grant ?? '', changed, own.slice(0, -4), ''];

    for (const grant of grants)
      expect((await browse('/jira/choose', { ...ours, grant, project: 'ACME' })).status).toBe(403);
    expect(await connections()).toEqual([]);
  });

  test('that another firm has, which stays theirs; nor a second one by the same link', async () => {
    const browse = browser();
    const link = linkOf(firm);
    await connected(browse, link);
    const twice = await allow(browse, link, [ids.second]);
    expect((await browse('/jira/choose', { ...hidden(twice), project: 'OTHER' })).status).toBe(403);

    const rival = await connected(browser(), linkOf(other));
    expect(rival).toMatchObject({ status: 403, text: expect.stringContaining('is connected by another firm') });
    expect(rival.text).not.toContain('Northwind Studio');
    expect(await connections()).toMatchObject([{ tenant_id: firm.tenantId, account: site.account }]);
  });

  test('while Atlassian gives no good answer, which is said', async () => {
    const browse = browser();
    const back = pathOf(atlassian.allow(await leaving(browse, linkOf(firm)), [ids.site]));
    atlassian.failTokens(502);
    expect((await browse(back)).status).toBe(403);
    const choosing = await allow(browse, linkOf(firm));
    site.failNext('project', { status: 503 });
    const failed = await browse('/jira/choose', { ...hidden(choosing), project: 'ACME' });
    expect(failed).toMatchObject({ status: 403, text: expect.stringContaining('no good answer just now') });
    expect(await connections()).toEqual([]);
  });
});

test('what Atlassian gave stands in no log, no table and no page', async () => {
  const browse = browser();
  const choosing = await allow(browse, linkOf(firm));
  const done = await browse('/jira/choose', { ...hidden(choosing), project: 'ACME' });
  const stored = await storedConnection(app, firm.tenantId, 'jira', { account: site.account });
  const given = (stored ? await openedCredentials(app, stored) : {}) as Record<string, string>;
  const names = await owner(`select c.oid::regclass::text as name from pg_class c
    join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p') and n.nspname in ('public', 'gate')`);
  let tables = '';
  for (const { name } of names)
    tables += JSON.stringify(await owner(`select row_to_json(t)::text as line from ${String(name)} t`));

  expect(tables).toContain(site.account);
  expect(log).toContain('could not be connected');
  for (const secret of [given.accessToken, given.refreshToken, atlassian.clientSecret])
    for (const place of [log, tables, choosing.text, done.text]) {
      expect(secret).toMatch(/\S{10,}|secret/);
      expect(place).not.toContain(secret);
      expect(place).not.toContain(Buffer.from(String(secret)).toString('base64').slice(0, 30));
      expect(place).not.toContain(Buffer.from(String(secret)).toString('hex'));
    }
});
