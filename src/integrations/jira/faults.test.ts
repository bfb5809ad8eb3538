import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { webhookSource } from '../../../webhooks/inbox.ts';
import { readEvent } from '../../core/kernel/delivery.ts';
import { workDelivery } from '../../core/kernel/inbox.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';
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

/** Pushes a ticket's last event of that name, as a job would. */
async function pushAgain(ticket: string, name: string): Promise<void> {
  const [row] = await hub.query('select id from event where entity_id = $1 and name = $2 order by seq desc limit 1', [
    ticket,
    name,
  ]);
  const { tenantId } = hub.firm;
  const event = await readEvent(hub.app, tenantId, String(row?.id));
  await hub.connectors.use(tenantId, { account: hub.jira.account }, (jira, connection) => jira.push(connection, event));
}

/** Works the newest waiting deliveries, past the queue. */
async function workWaiting(count: number): Promise<void> {
  const rows = await hub.query(`select id from inbox where status = 'waiting' order by seq desc limit $1`, [count]);
  const sources = new Map([['jira', webhookSource(hub.app, hub.connectors)]]);
  for (const { id } of rows) await workDelivery(hub.app, sources, { tenantId: hub.firm.tenantId, id: String(id) }, 0);
}

describe('one issue per ticket', () => {
  test('when the answer to its creation is lost', async () => {
    hub.jira.failNext('create', { status: 0, after: true });
    const ticket = await settledTicket();

    expect(issuesOf(ticket)).toHaveLength(1);
    expect(await hub.query(`select external_id from external_ref where entity_id = $1`, [ticket])).toEqual([
      { external_id: issuesOf(ticket)[0]?.id },
    ]);
  });

  test('when Jira fails after it was created, and its search runs behind', async () => {
    // No webhook tells of it either, and the search knows it only after 20 seconds.
    hub.jira.setSearchLag(20_000);
    hub.jira.webhooks.lose(1);
    hub.jira.failNext('create', { status: 500, after: true });
    const ticket = await settledTicket();
    hub.jira.setSearchLag(0);

    expect(issuesOf(ticket)).toHaveLength(1);
  });

  test('when the worker dies before it notes the issue', async () => {
    const ticket = await settledTicket();
    await hub.query(
      `update external_ref set external_id = 'claim:' || entity_id, external_key = null, fingerprint = 'sending' where entity_id = $1`,
      [ticket],
    );

    await pushAgain(ticket, 'ticket.approved');

    expect(issuesOf(ticket)).toHaveLength(1);
    expect(await hub.query(`select external_id from external_ref where entity_id = $1`, [ticket])).toEqual([
      { external_id: issuesOf(ticket)[0]?.id },
    ]);
  });

  test('when our note of it is lost altogether', async () => {
    const ticket = await settledTicket();
    await hub.query('delete from external_ref where entity_id = $1', [ticket]);

    await pushAgain(ticket, 'ticket.approved');
    await pushAgain(ticket, 'ticket.approved');

    expect(issuesOf(ticket)).toHaveLength(1);
  });

  test('when another try may still be on its way, nothing is made before that is settled', async () => {
    const ticket = await hub.approved();
    hub.app.asked.splice(0);
    await hub.query(
      `insert into external_ref (tenant_id, id, tool, account, entity, entity_id, external_id, fingerprint, updated_at)
       values ($1, $2, 'jira', $3, 'ticket', $4, 'claim:x', 'sending', $5)`,
      [hub.firm.tenantId, crypto.randomUUID(), hub.jira.account, ticket, hub.app.clock.now()],
    );

    await expect(pushAgain(ticket, 'ticket.approved')).rejects.toMatchObject({ name: 'RetryLater', seconds: 30 });
    expect(issuesOf(ticket)).toHaveLength(0);

    hub.app.clock.jump(31_000);
    await pushAgain(ticket, 'ticket.approved');
    expect(issuesOf(ticket)).toHaveLength(1);
  });

  test('a refusal is sure: the next try need not wait', async () => {
    hub.jira.failNext('create', { status: 400 });
    const before = hub.failures.length;
    const now = hub.app.clock.now().getTime();
    const ticket = await settledTicket();

    expect(hub.failures.slice(before)).toMatchObject([{ queue: 'push', error: expect.stringContaining('400') }]);
    expect(issuesOf(ticket)).toHaveLength(1);
    expect(hub.app.clock.now().getTime() - now).toBeLessThan(20_000);
  });
});

describe('one comment per reply', () => {
  test('when the answer to it is lost', async () => {
    const ticket = await settledTicket();
    hub.jira.failNext('comment', { status: 0, after: true });
    await hub.run(hub.firm.admin, 'ticket.reply', { ticket, body: 'We are on it.' });
    await hub.run(hub.firm.admin, 'ticket.reply', { ticket, body: 'We are on it.' });
    await hub.settle();

    // Said twice, so it is there twice; and neither is taken for the other.
    expect(comments(ticket)).toEqual(['Ada Admin (team): We are on it.', 'Ada Admin (team): We are on it.']);
    expect(await hub.query('select internal from ticket_message where ticket_id = $1', [ticket])).toHaveLength(2);
    const refs = await hub.query(
      `select external_id from external_ref r join ticket_message m on m.id = r.entity_id where m.ticket_id = $1 order by external_id`,
      [ticket],
    );
    expect(refs.map((ref) => ref.external_id)).toEqual(
      issuesOf(ticket)[0]
        ?.comments.map(({ id }) => id)
        .sort(),
    );
  });

  test('and none for a comment of Jira, even when nobody came to note which message it is', async () => {
    const ticket = await settledTicket();
    hub.jira.comment(issuesOf(ticket)[0]?.key ?? '', '@client It works again.', 'Dora Dev');
    await hub.settle();
    await hub.query(`delete from external_ref where entity = 'ticket_message'`);

    await hub.run(hub.firm.admin, 'ticket.reply', { ticket, body: 'Good.' });
    await hub.settle();

    expect(comments(ticket)).toEqual(['@client It works again.', 'Ada Admin (team): Good.']);
  });

  test('when the request itself was lost, it is sent once it is sure that it was', async () => {
    const ticket = await settledTicket();
    hub.jira.failNext('comment', { status: 0 });
    await hub.run(hub.firm.admin, 'ticket.reply', { ticket, body: 'Done.' });
    await hub.settle();

    expect(comments(ticket)).toEqual(['Ada Admin (team): Done.']);
  });
});

describe('when Jira asks for patience', () => {
  test.each([
    [429, 17, 17],
    [503, 23, 23],
    [503, undefined, 5],
  ])('with %s and Retry-After %s, nothing is asked of it for %s seconds', async (status, retryAfter, seconds) => {
    const ticket = await settledTicket();
    await hub.run(hub.firm.admin, 'ticket.progress', { ticket, status: 'in_progress' });
    hub.app.asked.splice(0);
    hub.jira.failNext('any', { status, ...(retryAfter === undefined ? {} : { retryAfter }) });
    const calls = hub.jira.calls.length;

    const first = await pushAgain(ticket, 'ticket.progressed').catch((error: unknown) => error);
    hub.app.clock.jump((seconds - 2) * 1000);
    const second = await pushAgain(ticket, 'ticket.progressed').catch((error: unknown) => error);

    expect(first).toBeInstanceOf(RetryLater);
    expect(first).toMatchObject({ seconds });
    expect(second).toMatchObject({ name: 'RetryLater', seconds: 2 });
    expect(hub.jira.calls.length - calls).toBe(1);
    hub.app.clock.jump(2_000);
    await pushAgain(ticket, 'ticket.progressed');
    expect(issuesOf(ticket)[0]?.status).toBe('In Progress');
    await hub.settle();
  });

  test('while it fails for long, the pauses grow', async () => {
    const ticket = await settledTicket();
    await hub.run(hub.firm.admin, 'ticket.progress', { ticket, status: 'in_progress' });
    hub.app.asked.splice(0);
    hub.jira.failNext('any', { status: 502, times: 4 });

    const pauses: number[] = [];
    for (let attempt = 0; attempt < 4; attempt += 1) {
      const error = await pushAgain(ticket, 'ticket.progressed').catch((thrown: unknown) => thrown);
      const { seconds } = error as RetryLater;
      pauses.push(seconds);
      hub.app.clock.jump(seconds * 1000);
    }

    expect(pauses).toEqual([5, 10, 20, 40]);
    await pushAgain(ticket, 'ticket.progressed');
    await hub.settle();
  });

  test('a webhook that needs Jira waits in the inbox and is applied later', async () => {
    const ticket = await settledTicket();
    hub.jira.failNext('issue', { status: 429, retryAfter: 60, times: 2 });
    hub.jira.move(issuesOf(ticket)[0]?.key ?? '', 'In Progress', 'Dora Dev');
    await hub.settle();

    expect(await hub.query('select status from ticket where id = $1', [ticket])).toEqual([{ status: 'in_progress' }]);
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
    await pushAgain(ticket, 'ticket.progressed');
    await hub.jira.webhooks.settled();
    await workWaiting(1);
    letGo();
    await slow;
    await hub.settle();

    const [row] = await hub.query('select status from ticket where id = $1', [ticket]);
    expect([row?.status, issue?.status]).toEqual(['in_progress', 'In Progress']);
  });
});

describe('webhooks that never come', () => {
  test('are found by looking, once, and a late one is a duplicate', async () => {
    const ticket = await settledTicket();
    const { key = '' } = issuesOf(ticket)[0] ?? {};
    await hub.reconcile();
    await hub.settle();
    hub.jira.webhooks.lose(3);
    hub.jira.comment(key, '@client It works again.', 'Dora Dev');
    hub.jira.comment(key, 'Was the cache.', 'Dora Dev');
    hub.jira.move(key, 'Done', 'Dora Dev');
    hub.jira.comment(key, 'This one arrives.', 'Dora Dev');
    await hub.settle();

    const [first] = await hub.reconcile();
    await hub.settle();
    const [second] = await hub.reconcile();
    await hub.settle();

    expect(first).toMatchObject({ connector: 'jira', looked: 4, recovered: 3 });
    expect(second).toMatchObject({ recovered: 0 });
    expect(await hub.query('select status from ticket where id = $1', [ticket])).toEqual([{ status: 'resolved' }]);
    const said = await hub.query('select body, internal from ticket_message where ticket_id = $1 order by body', [
      ticket,
    ]);
    expect(said).toEqual([
      { body: 'It works again.', internal: false },
      { body: 'This one arrives.', internal: true },
      { body: 'Was the cache.', internal: true },
    ]);

    hub.jira.webhooks.resend(4);
    await hub.settle();
    expect(await hub.query('select from ticket_message where ticket_id = $1', [ticket])).toHaveLength(3);
    expect(
      await hub.query(`select from event where entity_id = $1 and name = 'ticket.progressed'`, [ticket]),
    ).toHaveLength(1);
  });
});
