import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { TeamsSetUp } from '../../simulator/teams/set-up.ts';
import { setUpTeams } from '../../simulator/teams/set-up.ts';
import { ISSUER, makeSigner } from '../../simulator/teams/signing.ts';
import { authenticationOf, isFromTeams } from './authentication.ts';

let setUp: TeamsSetUp;
let activity: Record<string, unknown>;
beforeAll(async () => {
  setUp = await setUpTeams();
  ({ activity } = await setUp.teams.say(setUp.chat.id, 'hello', setUp.ada));
  await setUp.workInbox();
});
afterAll(() => setUp.close());
beforeEach(() => {
  // The SDK writes the reasons of refused tokens to the console.
  jest.spyOn(console, 'error').mockImplementation(() => undefined);
});

const inSeconds = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;
const proper = () => ({ aud: setUp.appId, serviceurl: `${setUp.teams.url}/`, iss: ISSUER, exp: inSeconds(3600) });
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');

/** A message that was not delivered before, with this authorization. */
function deliver(authorization: string | null, changes: Record<string, unknown> = {}) {
  return setUp.teams.deliver({ ...activity, id: randomUUID(), ...changes }, authorization);
}

const refused: Record<string, () => string | null> = {
  'without a token': () => null,
  'with another scheme': () => `Basic ${setUp.teams.token({})}`,
  'with a token that is none': () => 'Bearer one.two.three',
  'signed by somebody else': () => `Bearer ${makeSigner().token(proper())}`,
  'with a changed payload': () =>
    `Bearer ${setUp.teams.token({}).replace(/\.[^.]+\./, `.${encode({ ...proper(), more: 1 })}.`)}`,
  'without a signature': () => `Bearer ${encode({ alg: 'none', typ: 'JWT' })}.${encode(proper())}.`,
  'for another app': () => `Bearer ${setUp.teams.token({ aud: randomUUID() })}`,
  'for another service address': () => `Bearer ${setUp.teams.token({ serviceurl: 'https://evil.example/' })}`,
  'of another issuer': () =>
    `Bearer ${setUp.teams.token({ iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/' })}`,
  'that ended 305 seconds ago': () => `Bearer ${setUp.teams.token({ exp: inSeconds(-305) })}`,
};

test.each(Object.entries(refused))('an activity %s is refused and leaves nothing', async (_name, authorization) => {
  const { status, body } = await deliver(authorization());

  expect({ status, body, stored: await setUp.inbox() }).toEqual({ status: 401, body: null, stored: [] });
});

test.each([
  ['of another channel', { channelId: 'directline' }],
  ['of a channel with keys of its own', { channelId: 'AseChannel' }],
  ['that names no service address', { serviceUrl: undefined }],
])('a properly signed activity %s is refused', async (_name, changes) => {
  const { status } = await deliver(`Bearer ${setUp.teams.token({})}`, changes);

  expect({ status, stored: await setUp.inbox() }).toEqual({ status: 401, stored: [] });
});

test('clocks may differ by almost five minutes', async () => {
  expect(await deliver(`Bearer ${setUp.teams.token({ exp: inSeconds(-295) })}`)).toMatchObject({ status: 200 });
  await setUp.workInbox();
});

test('an activity that comes while the keys of Teams cannot be read may come again', async () => {
  const elsewhere = authenticationOf({
    appId: setUp.appId,
    appPassword: 'x',
    loginUrl: setUp.teams.loginUrl,
    openIdUrl: `${setUp.teams.url}/nowhere`,
  });
  const unreachable = authenticationOf({
    appId: setUp.appId,
    appPassword: 'x',
    loginUrl: setUp.teams.loginUrl,
    openIdUrl: 'http://127.0.0.1:9/',
  });

  for (const authentication of [elsewhere, unreachable]) {
    await expect(isFromTeams(authentication, activity, `Bearer ${setUp.teams.token({})}`)).rejects.toMatchObject({
      code: 'unavailable',
    });
  }
});

test('a body that is not JSON is refused without a word', async () => {
  const response = await fetch(setUp.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  });

  expect({ status: response.status, text: await response.text() }).toEqual({ status: 400, text: '' });
});

describe('in the cloud', () => {
  test('without addresses of their own, the login and the keys are those of Microsoft', () => {
    const authentication = authenticationOf({ appId: setUp.appId, appPassword: 'x', tenantId: 'northwind' });

    expect(JSON.parse(JSON.stringify(authentication))).toMatchObject({
      inner: {
        toChannelFromBotLoginUrl: 'https://login.microsoftonline.com/northwind',
        toBotFromChannelOpenIdMetadataUrl: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
        toBotFromEmulatorOpenIdMetadataUrl: '',
        credentialsFactory: { name: 'ConfigurationServiceClientCredentialFactory', appId: setUp.appId },
      },
    });
  });
});
