import { createHmac, randomInt } from 'node:crypto';
import type { Signed } from '../load.ts';

/** Signed webhooks of Jira about new comments, each of a comment of its own. */
export function sign(params: Record<string, string>, count: number): Signed[] {
  const { secret = '', path = '' } = params;
  const first = randomInt(1_000_000_000) * 100_000;
  return Array.from({ length: count }, (_, index) => {
    const id = String(first + index);
    const body = JSON.stringify(commentCreated(id));
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const head = [
      `POST ${path} HTTP/1.1`,
      'Host: 127.0.0.1',
      'User-Agent: Atlassian Webhook HTTP Client',
      'Content-Type: application/json; charset=UTF-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Hub-Signature: sha256=${signature}`,
      `X-Atlassian-Webhook-Identifier: bench-${id}`,
    ];
    return { id: `comment_created:${id}`, bytes: Buffer.from([...head, '', body].join('\r\n')) };
  });
}

/** https://developer.atlassian.com/cloud/jira/platform/webhooks/ */
function commentCreated(id: string): object {
  const person = {
    self: 'https://example.atlassian.net/rest/api/2/user?accountId=5b10a2844c20165700ede21g',
    accountId: '5b10a2844c20165700ede21g',
    displayName: 'Dora Dev',
    active: true,
    timeZone: 'Europe/Berlin',
    accountType: 'atlassian',
  };
  return {
    timestamp: 1_795_168_923_050,
    webhookEvent: 'comment_created',
    comment: {
      self: `https://example.atlassian.net/rest/api/2/issue/10047/comment/${id}`,
      id,
      author: person,
      body: 'It is fixed in the test system.\r\n\r\nPlease try again with the steps that you gave, and tell us what you see.',
      updateAuthor: person,
      created: '2026-11-20T11:02:03.004+0100',
      updated: '2026-11-20T11:02:03.004+0100',
      jsdPublic: true,
    },
    issue: {
      id: '10047',
      self: 'https://example.atlassian.net/rest/api/2/10047',
      key: 'ACME-7',
      fields: {
        summary: '[#12] The pay button does nothing',
        issuetype: { id: '10004', name: 'Bug', subtask: false, hierarchyLevel: 0 },
        project: { id: '10000', key: 'ACME', name: 'Acme', projectTypeKey: 'software', simplified: false },
        assignee: null,
        priority: { name: 'Medium', id: '3' },
        status: { name: 'In Progress', id: '3', statusCategory: { id: 4, key: 'indeterminate', name: 'In Progress' } },
      },
    },
    eventType: 'primaryAction',
  };
}
