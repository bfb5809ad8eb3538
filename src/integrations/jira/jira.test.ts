import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withActor } from '../../core/kernel/context.ts';
import { as } from '../../testing/firm.ts';
import type { JiraHub } from '../../testing/jira-hub.ts';
import { SECRET, startJiraHub } from '../../testing/jira-hub.ts';
import { textOf } from './adf.ts';

let hub: JiraHub;

beforeAll(async () => {
  hub = await startJiraHub();
});
afterAll(() => hub.close());

async function statusOf(ticket: string): Promise<unknown> {
  return (await hub.query('select status from ticket where id = $1', [ticket]))[0]?.status;
}

async function issueOf(ticket: string) {
  const [row] = await hub.query(
    `select external_id, external_key, url from external_ref where entity = 'ticket' and entity_id = $1`,
    [ticket],
  );
  return { ...hub.jira.issue(String(row?.external_id)), row };
}

async function messages(ticket: string) {
  return hub.query(
    'select body, internal, by_name, side, channel from ticket_message where ticket_id = $1 order by created_at, id',
    [ticket],
  );
}

/** The texts of the issue's comments, oldest first. */
async function comments(ticket: string) {
  return (await issueOf(ticket)).comments.map(({ body }) => textOf(body));
}

/** How the last deliveries ended. */
async function last(count = 1) {
  const rows = await hub.query('select kind, status, outcome from inbox order by seq desc limit $1', [count]);
  return rows.reverse();
}

describe('a ticket', () => {
  test('that is approved becomes an issue that its ticket knows', async () => {
    const ticket = await hub.approved('The pay button\ndoes nothing');
    await hub.settle();

    const issue = await issueOf(ticket);
    expect(issue).toMatchObject({ type: 'Bug', status: 'To Do', labels: [`parley-${ticket}`] });
    expect(issue.summary).toMatch(/^\[#\d+\] The pay button does nothing$/);
    expect(issue.row).toMatchObject({ external_key: issue.key, url: `${hub.jira.url}/browse/${issue.key}` });
    expect(await last()).toEqual([
      { kind: 'jira:issue_created', status: 'duplicate', outcome: 'our own issue came back' },
    ]);
  });
});

describe('what is said', () => {
  test('before the ticket had an issue is brought to it, in its order', async () => {
    const { firm, run } = hub;
    const input = { project: firm.acme.project, title: 'Second language', description: 'German, please.' };
    const { id, version } = (await run(firm.acme.approver, 'ticket.file-change', input)) as {
      id: string;
      version: number;
    };
    await run(firm.admin, 'ticket.reply', { ticket: id, body: 'Formal or informal?' });
    await run(firm.acme.approver, 'ticket.reply', { ticket: id, body: 'Formal.\n\nThank you!' });
    await run(firm.admin, 'ticket.note', { ticket: id, body: 'They pay late.' });
    await hub.settle();
    expect(hub.jira.issues().some(({ summary }) => summary.includes('Second language'))).toBe(false);

    await run(firm.admin, 'ticket.approve', { ticket: id, version });
    await hub.settle();

    expect(await comments(id)).toEqual([
      'Ada Admin (team): Formal or informal?',
      'Acme Approver (client): Formal.\n\nThank you!',
    ]);
    expect(await issueOf(id)).toMatchObject({ type: 'Task', status: 'To Do' });
  });

  test('in an internal note stays here', async () => {
    const ticket = await hub.approved();
    await hub.run(hub.firm.admin, 'ticket.note', { ticket, body: 'They pay late.' });
    await hub.settle();
    await hub.run(hub.firm.admin, 'ticket.reply', { ticket, body: 'We are on it.' });
    await hub.settle();

    expect(await comments(ticket)).toEqual(['Ada Admin (team): We are on it.']);
  });

  test('in Jira stays within the team, unless it begins with @client', async () => {
    const ticket = await hub.approved();
    await hub.settle();
    const { key } = await issueOf(ticket);

    hub.jira.comment(key, 'Anna always forgets her password.', 'Dora Dev');
    hub.jira.comment(key, '@client It works again.', 'Dora Dev');
    await hub.settle();

    const said = { side: 'integration', channel: 'jira', by_name: 'Dora Dev' };
    expect(await messages(ticket)).toEqual([
      { ...said, internal: true, body: 'Anna always forgets her password.' },
      { ...said, internal: false, body: 'It works again.' },
    ]);
    const seen = await withActor(
      hub.app,
      as(hub.firm, hub.firm.acme.approver),
      ({ sql }) => sql`select body from ticket_message where ticket_id = ${ticket}`,
    );
    expect(seen).toEqual([{ body: 'It works again.' }]);
  });

  test('in Jira is not sent back to it, nor is its echo taken for news', async () => {
    const ticket = await hub.approved();
    await hub.settle();
    const { key } = await issueOf(ticket);
    const calls = hub.jira.calls.length;

    hub.jira.comment(key, '@client It works again.', 'Dora Dev');
    await hub.settle();
    await hub.run(hub.firm.acme.approver, 'ticket.reply', { ticket, body: '@client It works again.' });
    await hub.settle();

    expect(await comments(ticket)).toEqual([
      '@client It works again.',
      'Acme Approver (client): @client It works again.',
    ]);
    expect(await messages(ticket)).toHaveLength(2);
    expect(
      hub.jira.calls
        .slice(calls)
        .filter(({ route }) => route !== 'myself')
        .map(({ route }) => route),
    ).toEqual(['comment']);
  });
});

describe('webhooks', () => {
  test('of a kind that nobody knows end in quarantine', async () => {
    await post({ webhookEvent: 'jira:form_submitted', timestamp: 1 });
    await post('an answer of a proxy');
    await hub.settle();

    expect(await last(2)).toEqual([
      {
        kind: 'jira:form_submitted',
        status: 'quarantined',
        outcome: 'Jira sends jira:form_submitted, which is not known here',
      },
      { kind: 'unknown', status: 'quarantined', outcome: 'not of a form that jira is known to send' },
    ]);
  });
});

describe('the status', () => {
  test('of a declined ticket closes its issue', async () => {
    const ticket = await hub.approved();
    await hub.settle();
    await hub.run(hub.firm.admin, 'ticket.decline', { ticket, version: 2, reason: 'Too dear.' });
    await hub.settle();

    expect((await issueOf(ticket)).status).toBe("Won't Do");
    expect(await statusOf(ticket)).toBe('declined');
  });

  test('that went back to waiting is not told to the client, unless the work counted as done', async () => {
    const ticket = await hub.approved();
    await hub.settle();
    const { key } = await issueOf(ticket);

    hub.jira.move(key, 'In Review', 'Dora Dev');
    hub.jira.move(key, 'To Do', 'Dora Dev');
    await hub.settle();
    // The first webhook already saw the issue as it is now: waiting.
    expect(await statusOf(ticket)).toBe('approved');

    hub.jira.move(key, 'Done', 'Dora Dev');
    await hub.settle();
    hub.jira.move(key, 'To Do', 'Dora Dev');
    await hub.settle();

    expect(await statusOf(ticket)).toBe('in_progress');
    expect((await issueOf(ticket)).status).toBe('To Do');
  });
});

/** Sends a signed body that the stand-in would not send. */
async function post(body: object | string): Promise<number> {
  const raw = typeof body === 'string' ? body : JSON.stringify(body);
  const signature = createHmac('sha256', SECRET).update(raw).digest('hex');
  const address = `${hub.url}/webhooks/jira/${encodeURIComponent(hub.jira.account)}`;
  const response = await fetch(address, {
    method: 'POST',
    body: raw,
    headers: { 'x-hub-signature': `sha256=${signature}` },
  });
  return response.status;
}
