import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Document } from 'openapi-backend';
import { OpenAPIBackend } from 'openapi-backend';
import type { GrantedHub } from '../../testing/granted-jira-hub.ts';
import { startGrantedHub } from '../../testing/granted-jira-hub.ts';
import { specFile } from '../../testing/specs.ts';

const SPEC = specFile('jira-v3-2022.openapi.json');
const DAY = 86_400_000;

let hub: GrantedHub;

beforeEach(async () => {
  hub = await startGrantedHub();
});
afterEach(() => hub.close());

const last = async () => (await hub.query('select status, outcome from inbox order by seq desc limit 1'))[0];
const settings = async () => (await hub.query(`select settings from connection where tool = 'jira'`))[0]?.settings;
const body = (more: object = {}) =>
  JSON.stringify({ webhookEvent: 'jira:issue_created', issue: { id: '1', key: 'ACME-1' }, ...more });
const signed = (more: { secret?: string; seconds?: number } = {}) => {
  const { clientId, clientSecret } = hub.application;
  const { secret = clientSecret, seconds } = more;
  return `Bearer ${hub.jira.appHooks.token({ clientId, clientSecret: secret }, seconds)}`;
};
const post = async (authorization: string, text = body()) => {
  const address = `${hub.url}/webhooks/jira/${hub.jira.account}`;
  return (await fetch(address, { method: 'POST', body: text, headers: { authorization } })).status;
};

/** A token that the app's secret signs otherwise than Jira does. */
function token(header: object, claims: object, hash: 'sha256' | 'sha384' = 'sha256'): string {
  const part = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const text = `${part(header)}.${part(claims)}`;
  return `Bearer ${text}.${createHmac(hash, hub.application.clientSecret).update(text).digest('base64url')}`;
}

describe('a webhook of the hub’s own app', () => {
  test('is taken with a token of Jira’s, once however often it comes', async () => {
    expect(await post(signed())).toBe(200);
    expect(await post(signed())).toBe(200);
    await hub.settle();

    expect(await hub.query('select status from inbox order by seq')).toEqual([
      { status: 'applied' },
      { status: 'duplicate' },
    ]);
  });

  test('is refused with a token of another secret, of another kind, without an end, or whose end is over', async () => {
    const late = signed({ seconds: 30 });
    hub.app.clock.jump(5 * 60_000);
    const now = Math.floor(hub.app.clock.now().getTime() / 1000);
    const ends = { exp: now + 60 };
    expect(await post(token({ alg: 'HS256', typ: 'JWT' }, ends), body({ issue: { id: '2', key: 'ACME-2' } }))).toBe(
      200,
    );
    await hub.query('delete from inbox');

    const refused = [
      late,
      signed({ secret: 'the secret of another app' }),
      token({ alg: 'HS384', typ: 'JWT' }, ends, 'sha384'),
      token({ alg: 'none', typ: 'JWT' }, ends),
      `${token({ alg: 'none', typ: 'JWT' }, ends).split('.').slice(0, 2).join('.')}.`,
      token({ alg: 'HS256', typ: 'JWT' }, { iat: now }),
      signed().replace('Bearer', 'JWT'),
      `${signed()}x`,
      'Bearer',
      '',
    ];
    const answers: number[] = [];
    for (const authorization of refused) answers.push(await post(authorization));

    expect(answers).toEqual(refused.map(() => 401));
    expect(await hub.query('select from inbox')).toEqual([]);
  });

  test('that the webhook of another site sent is kept aside', async () => {
    const [hook] = hub.jira.appHooks.all;
    expect(await post(signed(), body({ matchedWebhookIds: [(hook?.id ?? 0) + 1] }))).toBe(200);
    await hub.settle();

    expect(await last()).toEqual({ status: 'quarantined', outcome: 'sent by a webhook that is not of this site' });
  });

  test('is ours also when nobody came to note which webhook it was', async () => {
    const [hook] = hub.jira.appHooks.all;
    await hub.query(`update connection set settings = settings - 'hooks' where tool = 'jira'`);
    await post(signed(), body({ matchedWebhookIds: [hook?.id] }));
    await hub.settle();

    expect(await last()).toMatchObject({ status: 'applied' });
  });
});

describe('a site goes on telling of changes', () => {
  const only = () => hub.jira.appHooks.all[0];

  test('because its webhook is extended before it ends, and not more often', async () => {
    const begun = hub.app.clock.now().getTime();
    hub.app.clock.jump(10 * DAY);
    await hub.upkeep();
    expect(only()?.expires).toBeLessThan(begun + 31 * DAY);

    hub.app.clock.jump(10 * DAY);
    await hub.upkeep();
    expect(only()?.expires).toBeGreaterThan(begun + 49 * DAY);
    expect(hub.jira.appHooks.all).toHaveLength(1);
    expect(await settings()).toMatchObject({ hooks: [only()?.id] });
  });

  test('of the projects of today, at the address of today, by one webhook', async () => {
    const before = only()?.id;
    await hub.query(`update connection set settings = settings || '{"projects": {"x": "OPS"}}' where tool = 'jira'`);
    await hub.upkeep();
    expect(hub.jira.appHooks.all).toMatchObject([{ jqlFilter: 'project in (ACME, OPS)' }]);

    hub.app.publicUrl = 'https://another.example';
    await hub.upkeep();
    expect(hub.jira.appHooks.all).toMatchObject([{ url: `https://another.example/webhooks/jira/${hub.jira.account}` }]);
    expect(only()?.id).not.toBe(before);
  });

  test('and where it takes no webhook any more, stays connected and is asked', async () => {
    hub.jira.appHooks.all = [];
    hub.jira.failNext('hooks', { status: 403 });
    await hub.upkeep();

    expect(await hub.query('select status, fault from connection')).toEqual(
      expect.arrayContaining([{ status: 'active', fault: null }]),
    );
    expect((await hub.reconcile())[0]).toMatchObject({ connector: 'jira' });
  });
});

if (SPEC)
  test('every request for them is as Jira’s OpenAPI description says, and says nothing more', async () => {
    hub.app.clock.jump(20 * DAY);
    await hub.upkeep();
    hub.app.publicUrl = 'https://another.example';
    await hub.upkeep();
    const calls = hub.jira.calls.filter(({ route }) => route === 'hooks');
    expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(['GET', 'POST', 'PUT', 'DELETE']));

    const definition = JSON.parse(readFileSync(SPEC, 'utf8'));
    definition.components.schemas.WebhookDetails.additionalProperties = false;
    const used = ['/rest/api/3/webhook', '/rest/api/3/webhook/refresh'];
    definition.paths = Object.fromEntries(used.map((path) => [path, definition.paths[path]]));
    const api = new OpenAPIBackend({
      ...{ definition: definition as Document, quick: true, ajvOpts: { strict: false, validateFormats: false } },
    });
    await api.init();
    const headers = { 'content-type': 'application/json' };
    const faults = calls.map(({ method, path, query, body: sent }) => {
      const request = { method, path, query: query as Record<string, string>, body: sent, headers };
      const { errors } = api.validateRequest(request);
      return errors ? { path, sent, errors } : null;
    });
    expect(faults.filter(Boolean)).toEqual([]);
  });
