import type { Event } from '../../core/kernel/event.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';
import type { Said } from '../../core/kernel/thing-definition.ts';
import { asConnector } from '../as-connector.ts';
import { nameClaimed, scopeOf } from '../claims.ts';
import type { Connection } from '../connector.ts';
import { once } from '../once.ts';
import { GONE, readRef, readRefs } from '../refs.ts';
import type { JiraAccount } from './account.ts';
import { adfOf, textOf } from './adf.ts';
import { commentText, issueFields, labelOf, readSettings } from './map.ts';
import { readTicket, unsentReplies } from './read-ticket.ts';
import { readShared } from './status.ts';
import { syncStatus } from './sync.ts';
import type { Ticket } from './ticket.ts';
import { MESSAGE, TICKET } from './ticket.ts';
import { surelyNotDone } from './transport.ts';

/** How long one job goes on sending replies: well inside its lease, with one more slow call to come. */
const SENDING_MS = 5_000;

/**
 * Brings Jira in step with a ticket: an issue, the replies it lacks, the status. Looks at what is, not at what the event
 * says, so that a late or repeated event does no harm.
 */
export async function pushTicket(account: JiraAccount, connection: Connection, event: Event): Promise<void> {
  const ticketId = event.about.id;
  const scope = scopeOf(connection);
  const { ticket, link, replies } = await asConnector(account.app, connection, async (context) => ({
    ticket: await readTicket(account, context, ticketId),
    link: await readRef(context.sql, scope, TICKET, { id: ticketId }),
    replies: await unsentReplies(account, context, scope, ticketId),
  }));
  if (!ticket || link?.fingerprint === GONE) return;
  const issueId =
    link?.externalId ?? (belongsInJira(ticket, event) ? await makeIssue(account, connection, ticket) : null);
  if (!issueId) return;
  await sendReplies(account, connection, ticket, issueId, replies);
  if (readShared(link?.fingerprint ?? null)?.ours !== ticket.state.status) {
    await syncStatus(account, connection, ticketId, null);
  }
}

/** Work that the firm took on has an issue; what is still to be decided, or was turned down, has none. */
function belongsInJira({ state }: Ticket, event: Event): boolean {
  return event.name === 'ticket.approved' || state.status === 'approved' || state.status === 'in_progress';
}

/** Makes the ticket's issue, or finds the one that an earlier try made: never a second one. */
async function makeIssue(account: JiraAccount, connection: Connection, ticket: Ticket): Promise<string> {
  const thing = { entity: TICKET, id: ticket.id, clientId: ticket.clientId };
  const project = account.projectFor(connection, ticket.clientId);
  const issue = await once(account.app, connection, thing, {
    find: async () => (await account.jira.labelled(labelOf(ticket.id)))[0] ?? null,
    make: () => account.jira.create(issueFields(ticket, project, readSettings(connection.settings))),
    look: 'always',
    surelyNotDone,
  });
  await asConnector(account.app, connection, ({ sql, now }) =>
    nameClaimed(
      sql,
      scopeOf(connection),
      { ...thing, externalId: issue.id, key: issue.key, url: account.urlOf(issue.key) },
      now,
    ),
  );
  return issue.id;
}

async function sendReplies(
  account: JiraAccount,
  connection: Connection,
  ticket: Ticket,
  issueId: string,
  replies: Said[],
): Promise<void> {
  const started = performance.now();
  for (const reply of replies) {
    if (performance.now() - started > SENDING_MS) throw new RetryLater(1, 'more replies are to be sent');
    const thing = { entity: MESSAGE, id: reply.id, clientId: ticket.clientId };
    const comment = await once(account.app, connection, thing, {
      find: () => findComment(account, connection, issueId, reply),
      make: async () => ({ id: await account.jira.comment(issueId, adfOf(commentText(reply))) }),
      look: 'only after a try',
      surelyNotDone,
    });
    await asConnector(account.app, connection, ({ sql, now }) =>
      nameClaimed(sql, scopeOf(connection), { ...thing, externalId: comment.id }, now),
    );
  }
}

/** A comment with the reply's text that belongs to no other reply. */
async function findComment(
  account: JiraAccount,
  connection: Connection,
  issueId: string,
  reply: Said,
): Promise<{ id: string } | null> {
  const sent = textOf(adfOf(commentText(reply)));
  const [me, comments] = await Promise.all([account.jira.me(), account.jira.comments(issueId)]);
  const like = comments
    .filter((comment) => comment.authorId === me && textOf(comment.body) === sent)
    .map(({ id }) => id);
  const known = await asConnector(account.app, connection, ({ sql }) =>
    readRefs(sql, scopeOf(connection), MESSAGE, like),
  );
  // The oldest: replies are sent in their order.
  const id = like.reverse().find((one) => !known.has(one));
  return id ? { id } : null;
}
