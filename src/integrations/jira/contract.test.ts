import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Document } from 'openapi-backend';
import { OpenAPIBackend } from 'openapi-backend';
import type { Call } from '../../simulator/jira/faults.ts';
import type { JiraHub } from '../../testing/jira-hub.ts';
import { startJiraHub } from '../../testing/jira-hub.ts';
import { specFile } from '../../testing/specs.ts';
import { adfOf } from './adf.ts';

/** Atlassian's own description of the API; not part of this repository. */
const SPEC = specFile('jira-v3-2022.openapi.json');

const require = createRequire(import.meta.url);
// A package of the old kind, whose default export the types put in another place than Node does.
const AjvDraft04 = require('ajv-draft-04') as typeof import('ajv-draft-04').default;
const isAdf = new AjvDraft04({ strict: false }).compile(require('@atlaskit/adf-schema/dist/json-schema/v1/full.json'));

/** Everything that the connector asks of Jira in the life of some tickets. */
async function everyCall(hub: JiraHub): Promise<Call[]> {
  const { firm, run, jira } = hub;
  const ticket = await hub.approved();
  await run(firm.admin, 'ticket.reply', {
    ticket,
    body: 'On it: https://example.com/x.\nSoon.\n\n😀 <b>&amp;</b> *not markup* [x](y)',
  });
  await hub.settle();
  await run(firm.admin, 'ticket.progress', { ticket, status: 'in_progress' });
  await hub.settle();
  jira.comment(jira.issues()[0]?.key ?? '', 'Found it.', 'Dora Dev');
  jira.failNext('comment', { status: 0 });
  await run(firm.acme.approver, 'ticket.reply', { ticket, body: 'Thanks' });
  await hub.settle();
  await hub.reconcile();
  return [...jira.calls];
}

let hub: JiraHub;
let calls: Call[];

beforeAll(async () => {
  hub = await startJiraHub();
  calls = await everyCall(hub);
});
afterAll(() => hub.close());

test('the connector was seen to use every call it has', () => {
  const routes = new Set(calls.map(({ route }) => route));
  expect([...routes].sort()).toEqual(['comment', 'comments', 'create', 'issue', 'myself', 'search', 'transition']);
});

describe('texts', () => {
  test('that are sent are documents by Atlassian’s schema', () => {
    const documents = calls.flatMap(({ route, body }) => {
      const sent = (body ?? {}) as { fields?: { description: unknown }; body?: unknown };
      return route === 'create' ? [sent.fields?.description] : route === 'comment' ? [sent.body] : [];
    });

    expect(documents.length).toBeGreaterThanOrEqual(3);
    expect(documents.map((document) => (isAdf(document) ? [] : isAdf.errors))).toEqual(documents.map(() => []));
  });

  test.each(['', ' ', '\n\n\n', 'a\n\n\n\nb', '\r\n', 'http://', 'x https://a.b/c?d=e#f. y', '\u0000'])(
    'like %j become documents',
    (text) => {
      expect(isAdf(adfOf(text)) || isAdf.errors).toBe(true);
    },
  );

  test('that had to be cut become documents', () => {
    const cut = adfOf(`x${'😀'.repeat(20_000)}`);
    expect(isAdf(cut) || isAdf.errors).toBe(true);
    expect(JSON.stringify(cut)).not.toContain(String.raw`\ud83d`);
  });

  test('that are not documents would be noticed', () => {
    expect(
      isAdf({ type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: '' }] }] }),
    ).toBe(false);
  });
});

if (SPEC) {
  describe('requests', () => {
    test('are those that Jira’s OpenAPI description allows, and say nothing more', async () => {
      const api = await strictApi(SPEC);
      const faults = calls.map(asDescribed).map((call) => {
        const { errors } = api.validateRequest(call);
        return errors ? { call, errors } : null;
      });

      expect(faults.filter(Boolean)).toEqual([]);
    });

    test('that say more would be noticed', async () => {
      const api = await strictApi(SPEC);
      const create = calls
        .map(asDescribed)
        .find(({ path, method }) => path === '/rest/api/3/issue' && method === 'POST');
      const more = { ...create, body: { ...(create?.body as object), more: 1 } } as ReturnType<typeof asDescribed>;
      expect(api.validateRequest(more).errors).toMatchObject([{ keyword: 'additionalProperties' }]);
    });
  });
}

async function strictApi(path: string): Promise<OpenAPIBackend> {
  const definition = JSON.parse(readFileSync(path, 'utf8'));
  for (const name of ['IssueUpdateDetails', 'IssueTransition', 'Comment', 'SearchRequestBean'])
    definition.components.schemas[name].additionalProperties = false;
  // Only what is used: the whole description takes seconds to compile.
  const used = [
    '/rest/api/3/issue',
    '/rest/api/3/issue/{issueIdOrKey}',
    '/rest/api/3/issue/{issueIdOrKey}/comment',
    '/rest/api/3/issue/{issueIdOrKey}/transitions',
    '/rest/api/3/search',
    '/rest/api/3/myself',
  ];
  definition.paths = Object.fromEntries(used.map((path) => [path, definition.paths[path]]));
  const api = new OpenAPIBackend({
    definition: definition as Document,
    quick: true,
    ajvOpts: { strict: false, validateFormats: false },
  });
  await api.init();
  return api;
}

/** The description is older than the search that replaced the one in it: same words, another path. */
function asDescribed({ method, path, query, body }: Call) {
  const at = path.replace(/\/search\/jql$/, '/search');
  return {
    method,
    path: at,
    query: query as Record<string, string>,
    body,
    headers: { 'content-type': 'application/json' },
  };
}
