import { createHmac } from 'node:crypto';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { JiraStandIn } from './index.ts';
import { startJiraStandIn } from './index.ts';

interface Came {
  headers: Record<string, unknown>;
  body: Record<string, unknown>;
  signed: boolean;
}

const SECRET = 'the secret of the webhooks';

let jira: JiraStandIn;
let hub: Server;
let came: Came[];
/** What the hub answers next; then 200 again. */
let answers: number[];

beforeAll(async () => {
  hub = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      const signature = `sha256=${createHmac('sha256', SECRET).update(raw).digest('hex')}`;
      came.push({
        headers: request.headers,
        body: JSON.parse(raw.toString()),
        signed: request.headers['x-hub-signature'] === signature,
      });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
  const webhookUrl = `http://127.0.0.1:${(hub.address() as AddressInfo).port}/`;
  jira = await startJiraStandIn({
    email: 'parley@example.com',
    apiToken: 'token',
    project: 'ACME',
    webhookUrl,
    webhookSecret: SECRET,
    retryPauses: [1, 1],
  });
});
afterAll(async () => {
  await jira.stop();
  await new Promise((resolve) => hub.close(resolve));
});
beforeEach(async () => {
  await jira.webhooks.settled();
  came = [];
  answers = [];
});

async function ask(method: string, path: string, body?: object, login = 'parley@example.com:token') {
  const response = await fetch(`${jira.url}/rest/api/3${path}`, {
    method,
    headers: { authorization: `Basic ${Buffer.from(login).toString('base64')}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  return {
    status: response.status,
    json: text.startsWith('{') ? JSON.parse(text) : text,
    retryAfter: response.headers.get('retry-after'),
  };
}

const fields = { project: { key: 'ACME' }, issuetype: { name: 'Bug' }, summary: 'Pay button', labels: ['parley-1'] };
const document = {
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text: 'Hello' }] }],
};

describe('the REST API', () => {
  test('lets nobody in without the token', async () => {
    expect((await ask('GET', '/myself', undefined, 'parley@example.com:wrong')).status).toBe(401);
    expect((await ask('GET', '/myself')).json).toMatchObject({ displayName: 'Parley', accountType: 'atlassian' });
  });

  test('makes, finds, moves and comments issues', async () => {
    const { status, json: issue } = await ask('POST', '/issue', { fields });
    expect(status).toBe(201);

    for (const path of ['/search', '/search/jql']) {
      expect((await ask('POST', path, { jql: 'labels = "parley-1"' })).json.issues).toMatchObject([
        { id: issue.id, key: issue.key },
      ]);
    }
    const { json: shown } = await ask('GET', `/issue/${issue.key}?expand=transitions`);
    expect(shown.fields).toMatchObject({
      status: { name: 'To Do', statusCategory: { key: 'new' } },
      labels: ['parley-1'],
    });
    const done = shown.transitions.find((one: { to: { name: string } }) => one.to.name === 'Done');
    expect((await ask('GET', `/issue/${issue.key}/transitions`)).json.transitions).toEqual(shown.transitions);
    expect((await ask('POST', `/issue/${issue.id}/transitions`, { transition: { id: done.id } })).status).toBe(204);
    expect((await ask('POST', `/issue/${issue.id}/transitions`, { transition: { id: done.id } })).status).toBe(400);
    expect((await ask('POST', `/issue/${issue.id}/comment`, { body: document })).status).toBe(201);
    expect((await ask('GET', `/issue/${issue.id}/comment`)).json.comments).toMatchObject([{ body: document }]);
    expect((await ask('PUT', `/issue/${issue.id}`, { fields: { summary: 'New' } })).status).toBe(204);
    expect((await ask('GET', `/issue/${issue.id}`)).json.fields).toMatchObject({
      summary: 'New',
      status: { name: 'Done' },
    });
  });

  test.each([
    ['another project', { ...fields, project: { key: 'OPS' } }],
    ['an unknown type', { ...fields, issuetype: { name: 'Wish' } }],
    ['no summary', { ...fields, summary: '' }],
    ['a summary of two lines', { ...fields, summary: 'a\nb' }],
    ['a label with a space', { ...fields, labels: ['a b'] }],
  ])('refuses an issue of %s', async (_what, faulty) => {
    expect((await ask('POST', '/issue', { fields: faulty })).status).toBe(400);
  });

  test('refuses a comment that is no document, and does not know issues that are not there', async () => {
    const { json: issue } = await ask('POST', '/issue', { fields });
    expect((await ask('POST', `/issue/${issue.id}/comment`, { body: 'text' })).status).toBe(400);
    expect((await ask('GET', '/issue/ACME-9999')).status).toBe(404);
  });

  test('fails as it is told, before or after the work', async () => {
    const before = jira.issues().length;
    jira.failNext('create', { status: 429, retryAfter: 7 });
    jira.failNext('create', { status: 500, after: true });

    expect(await ask('POST', '/issue', { fields })).toMatchObject({ status: 429, retryAfter: '7' });
    expect(jira.issues().length).toBe(before);
    expect(await ask('POST', '/issue', { fields })).toMatchObject({ status: 500 });
    expect(jira.issues().length).toBe(before + 1);
    jira.failNext('any', { status: 0 });
    await expect(ask('POST', '/issue', { fields })).rejects.toThrow('fetch failed');
    expect(await ask('POST', '/issue', { fields })).toMatchObject({ status: 201 });
    expect(jira.calls.slice(-4).map(({ route, status }) => [route, status])).toEqual([
      ['create', 429],
      ['create', 500],
      ['create', 0],
      ['create', 201],
    ]);
  });
});

describe('webhooks', () => {
  test('tell of what people and the API do, signed', async () => {
    const { json: issue } = await ask('POST', '/issue', { fields });
    jira.comment(issue.key, 'Found it.', 'Dora Dev');
    jira.move(issue.key, 'In Progress', 'Dora Dev');
    jira.remove(issue.key, 'Dora Dev');
    await jira.webhooks.settled();

    expect(came.map(({ body, signed }) => [body.webhookEvent, signed])).toEqual([
      ['jira:issue_created', true],
      ['comment_created', true],
      ['jira:issue_updated', true],
      ['jira:issue_deleted', true],
    ]);
    expect(came[1]?.body).toMatchObject({
      comment: { body: 'Found it.', author: { displayName: 'Dora Dev' } },
      issue: { key: issue.key },
    });
    expect(came[2]?.body).toMatchObject({
      user: { displayName: 'Dora Dev' },
      issue: { fields: { status: { name: 'In Progress' } } },
      changelog: { items: [{ field: 'status', fromString: 'To Do', toString: 'In Progress' }] },
    });
  });

  test('are repeated with the same identifier until they are taken', async () => {
    answers = [503, 503];
    jira.create('By hand', 'Dora Dev');
    await jira.webhooks.settled();

    expect(came).toHaveLength(3);
    expect(new Set(came.map(({ headers }) => headers['x-atlassian-webhook-identifier'])).size).toBe(1);
    expect(came.map(({ headers }) => headers['x-atlassian-webhook-retry'])).toEqual([undefined, '1', '2']);
    expect(jira.webhooks.sent.at(-1)).toMatchObject({ state: 'delivered', answers: [503, 503, 200] });
  });

  test('are not repeated when they are refused, and given up in the end', async () => {
    answers = [401, 500, 500, 500];
    jira.create('Refused', 'Dora Dev');
    jira.create('Given up', 'Dora Dev');
    await jira.webhooks.settled();

    expect(jira.webhooks.sent.slice(-2).map(({ state }) => state)).toEqual(['refused', 'given up']);
  });

  test('can be held, mixed, repeated and lost', async () => {
    const { key } = jira.create('Mixed', 'Dora Dev');
    await jira.webhooks.settled();
    came = [];
    jira.webhooks.hold();
    jira.webhooks.lose(1);
    for (const text of ['lost', 'one', 'two']) jira.comment(key, text, 'Dora Dev');
    await jira.webhooks.settled();
    expect(came).toEqual([]);

    jira.webhooks.release((waiting) => waiting.reverse());
    await jira.webhooks.settled();
    jira.webhooks.resend(1);
    await jira.webhooks.settled();

    expect(came.map(({ body }) => (body.comment as { body: string }).body)).toEqual(['two', 'one', 'two']);
  });
});

test('a snapshot brings a site back, and the console hears of every change', async () => {
  const { key } = jira.create('Kept', 'Dora Dev');
  const snapshot = jira.snapshot();
  let changes = 0;
  jira.changes.on('change', () => {
    changes += 1;
  });
  jira.move(key, 'Done', 'Dora Dev');
  jira.comment(key, 'Too late.', 'Dora Dev');

  jira.restore(snapshot);

  expect(jira.issue(key)).toMatchObject({ status: 'To Do', comments: [] });
  expect(changes).toBeGreaterThanOrEqual(3);
  jira.move(key, 'Done', 'Dora Dev');
  expect(snapshot.issues.find((issue) => issue.key === key)?.status).toBe('To Do');
});
