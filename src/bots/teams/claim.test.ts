import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { areas } from '../../core/areas.ts';
import { buildRegistry, runCommand, showView } from '../../core/kernel/registry.ts';
import type { TeamsSetUp } from '../../simulator/teams/set-up.ts';
import { setUpTeams } from '../../simulator/teams/set-up.ts';
import { everyPlatform } from '../../testing/app.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';

let setUp: TeamsSetUp;
let other: TestFirm;

beforeAll(async () => {
  setUp = await setUpTeams();
  other = await makeFirm(setUp.app.database, 'Rival & Sons');
  Object.assign(setUp.app, {
    registry: buildRegistry(areas),
    platforms: { ...everyPlatform(), posts: () => (code: string) => `@Parley connect ${code}` },
  });
});
afterAll(() => setUp.close());
beforeEach(async () => {
  await setUp.owner(`delete from connection where tool = 'teams'`);
});

async function codeOf(firm: TestFirm): Promise<string> {
  const input = { tool: 'teams' };
  const request = { name: 'connection.make-code', input, requestId: crypto.randomUUID() };
  const { output } = await runCommand(setUp.app, as(firm, firm.admin), request);
  const view = { target: 'connection.code', input: { code: String((output as { id: string }).id) } };
  return /\d{4}-\d{4}/.exec((await showView(setUp.app, as(firm, firm.admin), view)).fallback)?.[0] ?? '';
}

const connections = () => setUp.owner(`select tenant_id, account, settings from connection where tool = 'teams'`);
const lastSaid = () => JSON.stringify(setUp.acme.messages.at(-1));

test('a code that is written to Parley makes an organisation that nobody connected the firm’s', async () => {
  const code = await codeOf(setUp.firm);
  const sent = await setUp.teams.say(setUp.acme.id, `connect ${code}`, setUp.stranger);

  expect(sent.status).toBe(200);
  expect(lastSaid()).toContain('is connected.');
  expect(await connections()).toEqual([
    {
      tenant_id: setUp.firm.tenantId,
      account: setUp.teams.tenantId,
      settings: { serviceUrl: expect.stringMatching(/^http/) },
    },
  ]);
  const [told] = await setUp.owner(`select posted from connect_code where posted is not null`);
  expect(told?.posted).toMatchObject({
    account: setUp.teams.tenantId,
    by: setUp.stranger.name,
    externalId: expect.any(String),
    place: setUp.acme.id,
  });
  // Teams delivers again what it is not sure of.
  await setUp.teams.resend(sent);
  expect(await connections()).toHaveLength(1);
  expect(await setUp.owner(`select from event where name = 'connection.connected'`)).toHaveLength(1);
  expect(await setUp.inbox()).toEqual([]);
});

test('one that is wrong, or of a second firm, connects nothing and says why', async () => {
  await setUp.teams.say(setUp.acme.id, 'connect 12-34', setUp.stranger);
  expect(lastSaid()).toContain('is not right, or too old');
  expect(await connections()).toEqual([]);

  await setUp.teams.say(setUp.acme.id, `connect ${await codeOf(setUp.firm)}`, setUp.stranger);
  await setUp.teams.say(setUp.acme.id, `connect ${await codeOf(other)}`, setUp.stranger);
  expect(lastSaid()).toContain('is connected by another firm');
  expect(lastSaid()).not.toMatch(/Rival|Northwind Studio/);
  expect(await connections()).toMatchObject([{ tenant_id: setUp.firm.tenantId }]);
});

test('what is said to others is no code', async () => {
  await setUp.teams.say(setUp.acme.id, `connect ${await codeOf(setUp.firm)}`, setUp.stranger, null, false);
  expect(await connections()).toEqual([]);
});
