import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import express from 'express';
import { readConfig } from '../../config.ts';
import { beginningOf, signBeginning } from '../../core/kernel/connect-link.ts';
import { runCommand, showView } from '../../core/kernel/registry.ts';
import { platformsOf } from '../../platforms.ts';
import type { DiscordStandIn } from '../../simulator/discord/index.ts';
import { startDiscordStandIn } from '../../simulator/discord/index.ts';
import type { Guild } from '../../simulator/discord/state.ts';
import { textsOn } from '../../simulator/discord/state.ts';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner, SECRET } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Listening } from '../../testing/listen.ts';
import { listen } from '../../testing/listen.ts';
import { specFile } from '../../testing/specs.ts';
import { inboundFor } from '../inbound.ts';
import { INTERACTIONS_PATH, openDiscord } from './index.ts';
import { SCOPES } from './install.ts';

const CLIENT_SECRET = 'the secret of the application';

let app: TestApp;
let firm: TestFirm;
let other: TestFirm;
let discord: DiscordStandIn;
let guild: Guild;
let server: Listening;
let url: string;
let stop: (() => Promise<void>) | undefined;

const owner = (text: string, values?: unknown[]) => asOwner(app.database)(text, values);

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  other = await makeFirm(app.database, 'Rival & Sons');
  const web = express();
  server = await listen(web);
  url = server.url;
  discord = await startDiscordStandIn({ interactionsUrl: `${url}${INTERACTIONS_PATH}`, clientSecret: CLIENT_SECRET });
  guild = discord.addGuild('Northwind', ['Ada Admin', 'Member']);
  const { botToken, publicKey, applicationId, apiUrl } = discord;
  const config = { botToken, publicKey, applicationId, apiUrl, clientSecret: CLIENT_SECRET };
  const environment = {
    PARLEY_SECRET: SECRET,
    DISCORD_BOT_TOKEN: botToken,
    DISCORD_PUBLIC_KEY: publicKey,
    DISCORD_APPLICATION_ID: applicationId,
    DISCORD_CLIENT_SECRET: CLIENT_SECRET,
    DISCORD_API_URL: apiUrl,
  };
  Object.assign(app, { publicUrl: url, platforms: platformsOf(readConfig(environment), () => app) });
  const channel = await openDiscord(config, { app, inbound: inboundFor(app), publicUrl: url });
  channel.mount?.(web);
  stop = await channel.listen?.();
});
afterAll(async () => {
  await stop?.();
  await discord.stop();
  await server.stop();
  await app.close();
});
beforeEach(async () => {
  await owner(`delete from connection where tool = 'discord' and account = $1`, [guild.id]);
});

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
  `/discord/install/${signBeginning(app.secrets, beginningOf({ ...of, personId: person }, 'discord', nonce, app.clock.now()))}`;
const pathOf = (address: string) => new URL(address).pathname + new URL(address).search;

/** Goes from the link to Discord, and allows the bot there in a server. */
async function install(browse: ReturnType<typeof browser>, link: string, to = guild) {
  await browse(link);
  const { location } = await browse(`${link}?go`);
  return browse(pathOf(discord.allow(location, to)));
}

const connections = () =>
  owner('select tenant_id, settings, scopes, status from connection where account = $1', [guild.id]);

describe('an administrator adds Parley to a server', () => {
  test('sees for which firm, allows it in Discord, and the server is their firm’s', async () => {
    const browse = browser();
    const link = linkOf(firm);
    expect((await browse(link)).text).toContain('a Discord server of Northwind Studio');

    const done = await install(browse, link);
    expect(done).toMatchObject({ status: 200, text: expect.stringContaining('Northwind is connected') });
    expect(await connections()).toEqual([
      {
        tenant_id: firm.tenantId,
        settings: { name: 'Northwind' },
        scopes: ['bot', 'applications.commands'],
        status: 'active',
      },
    ]);
  });

  test('finds the link on the page “Connect a tool”, beside the code', async () => {
    const card = await showView(app, as(firm, firm.admin), { target: 'connection.new', input: { tool: 'discord' } });
    expect(card.actions.map(({ label }) => label)).toEqual(['Add to a Discord server', 'Make a code']);
    const [link] = card.actions.flatMap((action) => (action.kind === 'link' ? [action.url] : []));
    expect((await browser()(pathOf(String(link)))).status).toBe(200);
  });
});

describe('nothing is connected', () => {
  test('in a browser that was not told for which firm: the way to Discord begins with that page', async () => {
    const link = linkOf(firm);
    expect(await browser()(`${link}?go`)).toMatchObject({ status: 200, location: '' });

    const browse = browser();
    await browse(link);
    const { location } = await browse(`${link}?go`);
    const elsewhere = await browser()(pathOf(discord.allow(location, guild)));
    expect(elsewhere).toMatchObject({ status: 403, text: expect.stringContaining('did not begin in this browser') });
    expect(await connections()).toEqual([]);
  });

  test('with a state that nobody signed, with one that is too old, and with a code that Discord did not give', async () => {
    const forged = linkOf(firm).replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    expect((await browser()(forged)).status).toBe(403);

    const browse = browser();
    const link = linkOf(firm);
    await browse(link);
    const { location } = await browse(`${link}?go`);
    const state = encodeURIComponent(new URL(location).searchParams.get('state') ?? '');
    expect((await browse(`/discord/oauth_redirect?code=made-up&guild_id=${guild.id}&state=${state}`)).status).toBe(403);
    const back = discord.allow(location, guild);
    app.clock.jump(11 * 60_000);
    expect((await browse(pathOf(back))).status).toBe(403);
    expect(await connections()).toEqual([]);
  });

  test('by somebody who is no administrator, or when it is not allowed in Discord', async () => {
    for (const person of [firm.partner, firm.member, firm.acme.clientAdmin])
      expect((await install(browser(), linkOf(firm, person))).status).toBe(403);
    const browse = browser();
    const link = linkOf(firm);
    await browse(link);
    const { location } = await browse(`${link}?go`);
    const state = encodeURIComponent(new URL(location).searchParams.get('state') ?? '');
    const { text } = await browse(`/discord/oauth_redirect?error=access_denied&state=${state}`);
    expect(text).toContain('You did not allow it');
    expect(await connections()).toEqual([]);
  });

  test('a second time by the same link in another server, nor for a second firm in the same one', async () => {
    const browse = browser();
    const link = linkOf(firm);
    await install(browse, link);
    const second = discord.addGuild('Second', ['Ada Admin']);
    expect((await install(browse, link, second)).status).toBe(403);
    expect(await owner('select from connection where account = $1', [second.id])).toEqual([]);

    const rival = await install(browser(), linkOf(other));
    expect(rival).toMatchObject({ status: 403, text: expect.stringContaining('is connected by another firm') });
    expect(rival.text).not.toContain('Northwind Studio');
    expect(await connections()).toMatchObject([{ tenant_id: firm.tenantId }]);
  });
});

test('a code typed behind /parley connect connects the server in which somebody typed it who may manage it', async () => {
  const input = { tool: 'discord' };
  const made = await runCommand(app, as(firm, firm.admin), { name: 'connection.make-code', input, requestId: 'code' });
  const view = { target: 'connection.code', input: { code: String((made.output as { id: string }).id) } };
  const { fallback, blocks } = await showView(app, as(firm, firm.admin), view);
  const code = /\d{4}-\d{4}/.exec(fallback)?.[0] ?? '';
  expect(JSON.stringify(blocks)).toContain(`/parley connect code:${code}`);
  const [manager = { id: '' }, member = { id: '' }] = guild.members;
  const room = discord.addChannel(guild, 'general');
  const told = (user: string) => discord.seen(room.id, user).flatMap(textsOn).join('\n');

  await discord.command('connect', member.id, room.id, code);
  expect(told(member.id)).toContain('Only somebody who may manage this server connects it.');
  await discord.command('connect', manager.id, room.id, code);
  expect(told(manager.id)).toContain('Discord Northwind is connected.');
  expect(await connections()).toMatchObject([{ tenant_id: firm.tenantId, settings: { name: 'Northwind' } }]);
  expect(discord.complaints).toEqual([]);
});

test('the scopes and addresses of OAuth2 are those that Discord describes', () => {
  const path = specFile('discord.openapi.json');
  if (!path) return;
  const described = JSON.parse(readFileSync(path, 'utf8')) as {
    components: {
      securitySchemes: Record<
        string,
        { flows?: Record<string, { tokenUrl?: string; scopes: Record<string, string> }> }
      >;
    };
  };
  const flows = Object.values(described.components.securitySchemes).flatMap(({ flows }) => (flows ? [flows] : []));
  const { authorizationCode } = Object.assign({}, ...flows) as Record<string, { tokenUrl?: string; scopes: object }>;
  for (const scope of SCOPES) expect(Object.keys(authorizationCode?.scopes ?? {})).toContain(scope);
  const asked = discord.calls.filter(({ path: at }) => at.includes('oauth2')).map(({ path: at }) => at);
  expect(new Set(asked)).toEqual(new Set([new URL(String(authorizationCode?.tokenUrl)).pathname.replace('/api', '')]));
});
