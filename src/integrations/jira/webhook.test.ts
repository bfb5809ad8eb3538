import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DomainError } from '../../core/kernel/errors.ts';
import type { InboxItem } from '../../core/kernel/inbox.ts';
import type { CommandRequest } from '../../core/kernel/registry.ts';
import type { JiraHub } from '../../testing/jira-hub.ts';
import { startJiraHub } from '../../testing/jira-hub.ts';
import type { Connection } from '../connector.ts';

/** The label in the recorded issues names this ticket; its issue has this id. */
const TICKET = '0b0f1c52-7a8e-4a5e-9d43-0c6a0c7d1a11';
const ISSUE = '10047';
const MOVED_AT = Date.parse('2026-11-20T10:15:30.456+0100');

let hub: JiraHub;
let connection: Connection;
let asked: CommandRequest[];

beforeAll(async () => {
  hub = await startJiraHub();
  const { tenantId, acme } = hub.firm;
  connection = { tenantId, id: '', tool: 'jira', account: hub.jira.account, clientId: null, settings: {} };
  await hub.query(
    `insert into ticket (tenant_id, id, client_id, project_id, kind, status, title, description, reporter_id, reporter_name)
     values ($1, $2, $3, $4, 'bug', 'approved', 'Pay button', 'It does nothing', $5, 'Anna')`,
    [tenantId, TICKET, acme.id, acme.project, acme.approver],
  );
  const issue = {
    summary: 'Pay button',
    type: 'Bug',
    description: null,
    labels: [],
    created: MOVED_AT - 1000,
    comments: [],
    histories: [],
  };
  hub.jira.restore({
    next: 20_000,
    users: [{ accountId: 'us', displayName: 'Parley' }],
    issues: [{ ...issue, id: ISSUE, key: 'ACME-7', status: 'In Progress', updated: MOVED_AT }],
  });
});
afterAll(() => hub.close());

beforeEach(async () => {
  asked = [];
  await hub.query('delete from external_ref');
  await noteIssue({ ours: 'approved', theirs: 'To Do', at: MOVED_AT - 1000 });
});

async function noteIssue(shared: object | null): Promise<void> {
  await hub.query(
    `insert into external_ref (tenant_id, id, tool, account, entity, entity_id, client_id, external_id, external_key, fingerprint)
     values ($1, $2, 'jira', $3, 'ticket', $4, $5, $6, 'ACME-7', $7)`,
    [
      hub.firm.tenantId,
      crypto.randomUUID(),
      hub.jira.account,
      TICKET,
      hub.firm.acme.id,
      ISSUE,
      shared && JSON.stringify(shared),
    ],
  );
}

/** Works a recorded webhook with a recorder in the place of the commands. */
async function work(
  fixture: string,
  change: (json: never) => void = () => undefined,
  run = async (): Promise<unknown> => ({}),
) {
  const json = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures', fixture), 'utf8'));
  change(json as never);
  const item = { body: Buffer.from(JSON.stringify(json)), headers: {} } as InboxItem;
  return hub.connector.webhook.work(connection, item, (request) => {
    asked.push(request);
    return run();
  });
}

describe('a recorded webhook', () => {
  test('of a comment to the client asks for a reply in the name of who wrote it', async () => {
    expect(await work('comment-created.json')).toEqual({ status: 'applied', outcome: 'sent to the client as a reply' });

    expect(asked).toEqual([
      {
        name: 'ticket.reply',
        input: { ticket: TICKET, body: 'It is fixed in the test system.\n\nPlease try again.', byName: 'Dora Dev' },
        requestId: `jira:${hub.jira.account}:comment:10112`,
      },
    ]);
  });

  test('of any other comment asks for an internal note', async () => {
    const internal = (json: { comment: { body: string } }) => {
      json.comment.body = 'Who broke this?';
    };
    expect(await work('comment-created.json', internal)).toEqual({
      status: 'applied',
      outcome: 'kept as an internal note',
    });

    expect(asked).toMatchObject([
      { name: 'ticket.note', input: { ticket: TICKET, body: 'Who broke this?', byName: 'Dora Dev' } },
    ]);
  });

  test('of a move asks for the progress that the issue shows now', async () => {
    expect(await work('issue-updated.json')).toEqual({
      status: 'applied',
      outcome: 'ACME-7 moved: the ticket is in_progress',
    });

    expect(asked).toEqual([
      {
        name: 'ticket.progress',
        input: { ticket: TICKET, status: 'in_progress' },
        requestId: `jira:${hub.jira.account}:status:${ISSUE}:2026-11-20T09:15:30.456+0000:in_progress`,
      },
    ]);
  });

  test('of a move that both sides know asks for nothing', async () => {
    await hub.query('delete from external_ref');
    await noteIssue({ ours: 'approved', theirs: 'In Progress', at: 0 });

    expect(await work('issue-updated.json')).toEqual({
      status: 'duplicate',
      outcome: 'both sides agree on this already',
    });
    expect(asked).toEqual([]);
  });

  test('of a move that is older than what is known asks for nothing', async () => {
    await hub.query('delete from external_ref');
    await noteIssue({ ours: 'approved', theirs: 'Done', at: MOVED_AT });

    expect(await work('issue-updated.json')).toEqual({ status: 'duplicate', outcome: 'older than what we know' });
    expect(asked).toEqual([]);
  });

  test.each([
    ['issue-edited.json', 'applied', 'nothing that is mirrored changed at ACME-7'],
    ['comment-updated.json', 'applied', 'not mirrored yet: comment_updated of comment 10112 at ACME-7'],
    ['comment-deleted.json', 'applied', 'not mirrored yet: comment_deleted of comment 10112 at ACME-7'],
    ['worklog-updated.json', 'applied', 'ignored: worklog_updated changes nothing here'],
    ['unknown.json', 'quarantined', 'Jira sends jira:form_submitted, which is not known here'],
    ['issue-created.json', 'duplicate', 'our own issue came back'],
  ] as const)('%s is %s: %s', async (fixture, status, outcome) => {
    expect(await work(fixture)).toEqual({ status, outcome });
    expect(asked).toEqual([]);
  });

  test('about an issue of somebody else is counted and left alone', async () => {
    const theirs = (json: { issue: { id: string; key: string; fields: { labels?: string[] } } }) => {
      Object.assign(json.issue, { id: '1', key: 'OPS-1' });
      json.issue.fields.labels = ['parley-00000000-0000-4000-8000-000000000000'];
    };
    expect(await work('comment-created.json', theirs)).toEqual({
      status: 'applied',
      outcome: 'OPS-1 is not one of ours',
    });
    expect(await work('issue-updated.json', theirs)).toEqual({
      status: 'applied',
      outcome: 'OPS-1 is not one of ours',
    });
    expect(asked).toEqual([]);
  });

  test('about an issue that only its label names adopts it', async () => {
    await hub.query('delete from external_ref');

    await work('issue-created.json');

    expect(await hub.query('select entity_id, external_id, external_key from external_ref')).toEqual([
      { entity_id: TICKET, external_id: ISSUE, external_key: 'ACME-7' },
    ]);
  });

  test('about a copy of our issue does not adopt the copy', async () => {
    const copy = (json: { issue: { id: string } }) => {
      json.issue.id = '10048';
    };
    expect(await work('issue-created.json', copy)).toEqual({ status: 'applied', outcome: 'ACME-7 is not one of ours' });
    expect(await hub.query('select external_id from external_ref')).toEqual([{ external_id: ISSUE }]);
  });

  test('of a deleted issue leaves a note, and later webhooks of it ask for nothing', async () => {
    await work('issue-deleted.json');
    expect(asked).toEqual([
      {
        name: 'ticket.note',
        input: { ticket: TICKET, body: 'ACME-7 was deleted in Jira. Nothing is sent there any more.', byName: 'Jira' },
        requestId: `jira:${hub.jira.account}:deleted:${ISSUE}`,
      },
    ]);

    expect(await work('comment-created.json')).toEqual({
      status: 'applied',
      outcome: 'ACME-7 was deleted in Jira before',
    });
    expect(asked).toHaveLength(1);
  });

  test('whose command is refused passes the refusal on, so that it ends in quarantine', async () => {
    const refuse = async () => {
      throw new DomainError('conflict', '#12 is declined: work on it cannot start.');
    };
    await expect(work('issue-updated.json', undefined, refuse)).rejects.toMatchObject({ code: 'conflict' });
    // Asked twice: our side might have moved between the look and the command.
    expect(asked).toHaveLength(2);
  });
});

describe('a comment under our own account', () => {
  const byUs = (body: string) => (json: { comment: { author: object; body: string } }) => {
    Object.assign(json.comment, { author: { accountId: 'us', displayName: 'Parley' }, body });
  };

  test('that reads like ours is an echo, before anybody noted its id', async () => {
    expect(await work('comment-created.json', byUs('Anna (client): Any news?'))).toEqual({
      status: 'duplicate',
      outcome: 'our own comment came back',
    });
    expect(asked).toEqual([]);
  });

  test('that somebody typed by hand is theirs', async () => {
    await work('comment-created.json', byUs('@client I am the admin and share the account.'));
    expect(asked).toMatchObject([{ name: 'ticket.reply', input: { body: 'I am the admin and share the account.' } }]);
  });

  test('that is noted as sent is an echo, whatever it says', async () => {
    await hub.query(
      `insert into external_ref (tenant_id, id, tool, account, entity, entity_id, external_id) values ($1, $2, 'jira', $3, 'ticket_message', $2, '10112')`,
      [hub.firm.tenantId, crypto.randomUUID(), hub.jira.account],
    );
    expect(await work('comment-created.json')).toEqual({ status: 'duplicate', outcome: 'our own comment came back' });
    expect(asked).toEqual([]);
  });
});
