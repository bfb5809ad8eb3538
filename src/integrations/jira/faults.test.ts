import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { webhookSource } from '../../../webhooks/inbox.ts';
import { workDelivery } from '../../core/kernel/inbox.ts';
import type { JiraHub } from '../../testing/jira-hub.ts';
import { startJiraHub } from '../../testing/jira-hub.ts';
import { textOf } from './adf.ts';

let hub: JiraHub;

beforeAll(async () => {
  hub = await startJiraHub();
});
afterAll(() => hub.close());

function issuesOf(ticket: string) {
  return hub.jira.issues().filter(({ labels }) => labels.includes(`parley-${ticket}`));
}

function comments(ticket: string) {
  return issuesOf(ticket)[0]?.comments.map(({ body }) => textOf(body)) ?? [];
}

async function settledTicket(): Promise<string> {
  const ticket = await hub.approved();
  await hub.settle();
  return ticket;
}

/** Works the newest waiting deliveries, past the queue. */
async function workWaiting(count: number): Promise<void> {
  const rows = await hub.query(`select id from inbox where status = 'waiting' order by seq desc limit $1`, [count]);
  const sources = new Map([['jira', webhookSource(hub.app, hub.connectors)]]);
  for (const { id } of rows) await workDelivery(hub.app, sources, { tenantId: hub.firm.tenantId, id: String(id) }, 0);
}

describe('one issue per ticket', () => {
  test('when Jira fails after it was created, and its search runs behind', async () => {
    // No webhook tells of it either, and the search knows it only after 20 seconds.
    hub.jira.setSearchLag(20_000);
    hub.jira.webhooks.lose(1);
    hub.jira.failNext('create', { status: 500, after: true });
    const ticket = await settledTicket();
    hub.jira.setSearchLag(0);

    expect(issuesOf(ticket)).toHaveLength(1);
  });
});

describe('one comment per reply', () => {
  test('and none for a comment of Jira, even when nobody came to note which message it is', async () => {
    const ticket = await settledTicket();
    hub.jira.comment(issuesOf(ticket)[0]?.key ?? '', '@client It works again.', 'Dora Dev');
    await hub.settle();
    await hub.query(`delete from external_ref where entity = 'ticket_message'`);

    await hub.run(hub.firm.admin, 'ticket.reply', { ticket, body: 'Good.' });
    await hub.settle();

    expect(comments(ticket)).toEqual(['@client It works again.', 'Ada Admin (team): Good.']);
  });
});

describe('both doors at once', () => {
  test('a webhook that was slow while our side moved on does not part the two sides', async () => {
    const ticket = await settledTicket();
    const issue = issuesOf(ticket)[0];
    let letGo = (): void => undefined;
    hub.jira.failNext('issue', { until: new Promise<void>((resolve) => (letGo = resolve)) });
    const asked = hub.jira.calls.length;

    // The webhook has looked at the issue, and before it hears the answer our side moves, with all that follows.
    hub.jira.move(issue?.key ?? '', 'In Review', 'Dora Dev');
    const slow = hub.settle();
    while (hub.jira.calls.length === asked) await new Promise((resolve) => setImmediate(resolve));
    await hub.run(hub.firm.admin, 'ticket.progress', { ticket, status: 'resolved' });
    await hub.pushAgain(ticket, 'ticket.progressed');
    await hub.jira.webhooks.settled();
    await workWaiting(1);
    letGo();
    await slow;
    await hub.settle();

    const [row] = await hub.query('select status from ticket where id = $1', [ticket]);
    expect([row?.status, issue?.status]).toEqual(['in_progress', 'In Progress']);
  });
});
