import { z } from 'zod';
import type { Delivery } from '../../core/kernel/inbox.ts';
import { asConnector } from '../as-connector.ts';
import { scopeOf } from '../claims.ts';
import type { Connection } from '../connector.ts';
import type { Ref } from '../refs.ts';
import { GONE, readRefs } from '../refs.ts';
import type { JiraAccount } from './account.ts';
import { textOf } from './adf.ts';
import type { Changed } from './client.ts';
import { isOurs } from './map.ts';
import { deliveryOf, readPayload } from './payload.ts';
import { readShared } from './status.ts';
import { TICKET } from './ticket.ts';

/** How far the first look goes back: Jira gives up on a webhook long before. */
const FIRST_MINUTES = 24 * 60;
/** Jira's search runs behind its writes and counts in whole minutes: looks overlap by this much. */
const OVERLAP_MINUTES = 3;

const Cursor = z.object({ at: z.number() });

/**
 * What changed at our issues since the last look, as the webhooks that should have told of it. Most of them did: their
 * ids are the same, so that only what is missing is worked.
 */
export async function pullChanges(
  account: JiraAccount,
  connection: Connection,
  cursor: unknown,
  now: Date,
): Promise<{ deliveries: Delivery[]; cursor: unknown }> {
  const last = Cursor.safeParse(cursor);
  const minutes = last.success ? Math.ceil((now.getTime() - last.data.at) / 60_000) + OVERLAP_MINUTES : FIRST_MINUTES;
  const since = now.getTime() - minutes * 60_000;
  const found = await Promise.all(
    account.projects(connection).map((project) => account.jira.changed(project, minutes)),
  );
  const changed = found.flat();
  const links = await asConnector(account.app, connection, ({ sql }) =>
    readRefs(
      sql,
      scopeOf(connection),
      TICKET,
      changed.map(({ id }) => id),
    ),
  );
  const deliveries: Delivery[] = [];
  for (const issue of changed) {
    const link = links.get(issue.id);
    if (!link || link.fingerprint === GONE) continue;
    deliveries.push(
      ...statusChange(connection, issue, link),
      ...(await newComments(account, connection, issue, since)),
    );
  }
  return { deliveries, cursor: { at: now.getTime() } };
}

function statusChange(connection: Connection, { id, key, status, updated }: Changed, link: Ref): Delivery[] {
  const shared = readShared(link.fingerprint);
  if (!shared || shared.theirs === status.name || Date.parse(updated) <= shared.at) return [];
  const issue = { id, key, fields: { status: { name: status.name }, updated } };
  return [
    asWebhook(connection, {
      webhookEvent: 'jira:issue_updated',
      timestamp: Date.parse(updated),
      issue,
      changelog: { items: [{ field: 'status' }] },
    }),
  ];
}

async function newComments(
  account: JiraAccount,
  connection: Connection,
  { id, key }: Changed,
  since: number,
): Promise<Delivery[]> {
  const [me, comments] = await Promise.all([account.jira.me(), account.jira.comments(id)]);
  return comments
    .filter(({ created, authorId, body }) => Date.parse(created) >= since && !(authorId === me && isOurs(textOf(body))))
    .reverse()
    .map((comment) =>
      asWebhook(connection, {
        webhookEvent: 'comment_created',
        comment: {
          id: comment.id,
          author: { accountId: comment.authorId, displayName: comment.authorName },
          body: comment.body,
        },
        issue: { id, key },
      }),
    );
}

function asWebhook({ account }: Connection, content: object): Delivery {
  const body = Buffer.from(JSON.stringify(content));
  const payload = readPayload(body);
  if (!payload) throw new Error('a change that was found is not of the form of a webhook');
  return { source: 'jira', account, ...deliveryOf(payload, body), headers: { 'x-parley-found': 'by looking' }, body };
}
