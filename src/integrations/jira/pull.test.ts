import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JiraHub } from '../../testing/jira-hub.ts';
import { startJiraHub } from '../../testing/jira-hub.ts';
import { GONE } from '../refs.ts';

let hub: JiraHub;

beforeAll(async () => {
  hub = await startJiraHub();
});
afterAll(() => hub.close());

test('an issue that was noted as deleted is not looked at for what no webhook brought, even when it is there again', async () => {
  const ticket = await hub.approved();
  await hub.settle();
  const { key = '' } = hub.jira.issues()[0] ?? {};
  const missed = async () => {
    hub.jira.webhooks.lose(1);
    hub.jira.comment(key, 'Is this still wanted?', 'Dora Dev');
    const asked = hub.jira.calls.length;
    const [found] = await hub.reconcile();
    return { found, comments: hub.jira.calls.slice(asked).filter(({ route }) => route === 'comments').length };
  };

  expect(await missed()).toMatchObject({ found: { recovered: 1 }, comments: 1 });

  await hub.query('update external_ref set fingerprint = $1 where entity_id = $2', [GONE, ticket]);
  expect(await missed()).toMatchObject({ found: { looked: 0, recovered: 0 }, comments: 0 });
});
