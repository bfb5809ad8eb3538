import type { InboxItem, Worked } from '../../core/kernel/inbox.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';
import { asConnector } from '../as-connector.ts';
import { anyClaimed, claim, nameClaimed, scopeOf } from '../claims.ts';
import type { Connection, Run } from '../connector.ts';
import { GONE, setFingerprint } from '../refs.ts';
import { applied, duplicate, quarantined } from '../worked.ts';
import type { JiraAccount } from './account.ts';
import { commentCreated } from './comment.ts';
import { ticketOfLabels } from './map.ts';
import type { IssueUpdated, KnownPayload, PayloadIssue } from './payload.ts';
import { readPayload } from './payload.ts';
import type { Link } from './read-ticket.ts';
import { readLink, readTicket } from './read-ticket.ts';
import { readShared } from './status.ts';
import { syncStatus } from './sync.ts';
import { TICKET } from './ticket.ts';

/** Webhooks that change nothing a client or the firm's team is shown. Everything that is not named anywhere is quarantined. */
const IGNORED =
  /^(worklog_|issuelink_|attachment_|sprint_|board_|user_|project_|filter_|option_|issue_property_|jira:worklog_|jira:version_|jiraexpression_)/;

/** Works a webhook of Jira. Safe to repeat: what it asks for carries request ids made of Jira's own ids. */
export async function workWebhook(
  account: JiraAccount,
  connection: Connection,
  item: InboxItem,
  run: Run,
): Promise<Worked> {
  const payload = readPayload(item.body);
  if (!payload) return quarantined('not of a form that Jira is known to send');
  if (payload.webhookEvent === 'other') {
    if (IGNORED.test(payload.name)) return applied(`ignored: ${payload.name} changes nothing here`);
    return quarantined(`Jira sends ${payload.name}, which is not known here`);
  }
  return workKnown(account, connection, payload, run);
}

async function workKnown(
  account: JiraAccount,
  connection: Connection,
  payload: KnownPayload,
  run: Run,
): Promise<Worked> {
  const { issue } = payload;
  const link = await linkOf(account, connection, issue);
  if (!link) return applied(`${issue.key} is not one of ours`);
  if (link.fingerprint === GONE) return applied(`${issue.key} was deleted in Jira before`);
  switch (payload.webhookEvent) {
    case 'jira:issue_created':
      return duplicate('our own issue came back');
    case 'jira:issue_updated':
      return issueUpdated(account, connection, payload, link, run);
    case 'jira:issue_deleted':
      return issueDeleted(account, connection, issue, link, run);
    case 'comment_created':
      return commentCreated(account, connection, payload, link, run);
    case 'comment_updated':
    case 'comment_deleted':
      return applied(`not mirrored yet: ${payload.webhookEvent} of comment ${payload.comment.id} at ${issue.key}`);
  }
}

/** The ticket of an issue: as noted, or by the label that we gave it when nobody came to note it. */
async function linkOf(account: JiraAccount, connection: Connection, issue: PayloadIssue): Promise<Link | null> {
  const scope = scopeOf(connection);
  const { link, claimed } = await asConnector(account.app, connection, async (context) => {
    const known = await readLink(account, context, scope, { externalId: issue.id });
    return { link: known, claimed: !known && (await anyClaimed(context.sql, scope, TICKET)) };
  });
  if (link) return link;
  // Comment webhooks carry no labels. They are asked for only while an issue of ours may be without its note.
  const labels = issue.fields?.labels ?? (claimed ? (await account.jira.issue(issue.id)).labels : []);
  const ticketId = ticketOfLabels(labels);
  return ticketId
    ? asConnector(account.app, connection, async (context) => {
        const { sql, now } = context;
        const ticket = await readTicket(account, context, ticketId);
        if (!ticket) return null;
        const thing = { entity: TICKET, id: ticket.id, clientId: ticket.clientId };
        await claim(sql, scope, thing, now);
        await nameClaimed(
          sql,
          scope,
          { ...thing, externalId: issue.id, key: issue.key, url: account.urlOf(issue.key) },
          now,
        );
        // A copy of an issue carries the label as well; the ticket keeps the issue it has.
        const adopted = await readLink(account, context, scope, { id: ticketId });
        return adopted?.externalId === issue.id ? adopted : null;
      })
    : null;
}

async function issueUpdated(
  account: JiraAccount,
  connection: Connection,
  payload: IssueUpdated,
  link: Link,
  run: Run,
): Promise<Worked> {
  const { issue, changelog } = payload;
  if (!changelog?.items.some(({ field }) => field === 'status'))
    return applied(`nothing that is mirrored changed at ${issue.key}`);
  const shared = readShared(link.fingerprint);
  // Only while our own side has not moved either: else the two must be compared, whatever this webhook is.
  if (shared && shared.ours === link.status) {
    const { status, updated } = issue.fields ?? {};
    if (status?.name.toLowerCase() === shared.theirs.toLowerCase())
      return duplicate('both sides agree on this already');
    if (updated && Date.parse(updated) <= shared.at) return duplicate('older than what we know');
  }
  const synced = await syncStatus(account, connection, link.id, run);
  switch (synced.did) {
    case 'nothing':
      return duplicate('both sides agree on this already');
    case 'moved the ticket':
      return applied(`${issue.key} moved: the ticket is ${synced.to}`);
    case 'moved the issue':
      return applied(`both sides had moved: ${issue.key} was set to "${synced.to}"`);
    case 'left it':
      return applied(`left alone: ${synced.because}`);
  }
}

async function issueDeleted(
  account: JiraAccount,
  connection: Connection,
  issue: PayloadIssue,
  link: Link,
  run: Run,
): Promise<Worked> {
  const body = `${issue.key} was deleted in Jira. Nothing is sent there any more.`;
  const requestId = `jira:${connection.account}:deleted:${issue.id}`;
  await run({ name: 'ticket.note', input: { ticket: link.id, body, byName: 'Jira' }, requestId });
  const marked = await asConnector(account.app, connection, ({ sql, now }) =>
    setFingerprint(
      sql,
      scopeOf(connection),
      { entity: TICKET, id: link.id },
      { from: link.fingerprint, to: GONE },
      now,
    ),
  );
  if (!marked) throw new RetryLater(1, 'the status of the deleted issue was noted just now');
  return applied(`${issue.key} was deleted: a note says so`);
}
