import { DomainError } from '../../core/kernel/errors.ts';
import { RetryLater } from '../../core/kernel/jobs.ts';
import { asConnector } from '../as-connector.ts';
import { scopeOf } from '../claims.ts';
import type { Connection, Run } from '../connector.ts';
import { GONE, setFingerprint } from '../refs.ts';
import type { JiraAccount } from './account.ts';
import type { Issue } from './client.ts';
import { readSettings } from './map.ts';
import type { Link } from './read-ticket.ts';
import { readLink } from './read-ticket.ts';
import type { Shared } from './status.ts';
import { compare, meaningOf, moveTo, readShared } from './status.ts';
import type { TicketStatus } from './ticket.ts';
import { TICKET } from './ticket.ts';
import { isMoveRefused } from './transport.ts';

/** How often the doors may meet in one run before it is tried again later. */
const ATTEMPTS = 3;

/** What a comparison of the two sides led to. */
export type Synced =
  | { did: 'nothing' }
  | { did: 'moved the issue'; to: string }
  | { did: 'moved the ticket'; to: string }
  | { did: 'left it'; because: string };

/**
 * Brings the status of a ticket and its issue together. Both doors, our events and Jira's webhooks, end here, look at
 * both sides as they are now, and note what was agreed on only over what they had read: whoever comes second looks again.
 * Every change that a person makes leads to at most one change on the other side, and an echo to none.
 * @param run null at the door of our own events: a move in Jira is followed at the door of webhooks
 * @throws DomainError when our side refuses Jira's status; RetryLater when the two doors keep meeting
 */
export async function syncStatus(
  account: JiraAccount,
  connection: Connection,
  ticketId: string,
  run: Run | null,
): Promise<Synced> {
  const scope = scopeOf(connection);
  let refusedAt = '';
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const link = await asConnector(account.app, connection, (context) =>
      readLink(account, context, scope, { id: ticketId }),
    );
    if (!link?.externalId || link.fingerprint === GONE) return { did: 'left it', because: 'there is no issue' };
    const issue = await account.jira.issue(link.externalId);
    const stepped = await step(account, connection, link, issue, run).catch((error: unknown) => {
      // Whoever refuses may have moved since we looked: it counts when a second look finds the same.
      const seen = `${link.status} ${issue.status.name}`;
      if (!isRefused(error) || seen === refusedAt || attempt === ATTEMPTS) throw error;
      refusedAt = seen;
      return null;
    });
    if (!stepped) continue;
    const { agreed, ...synced } = stepped;
    if (!agreed) return synced;
    const to = JSON.stringify({ ...agreed, at: Date.parse(issue.updated) } satisfies Shared);
    const { fingerprint: from } = link;
    if (to === from) return synced;
    const ticket = { entity: TICKET, id: ticketId };
    const kept = await asConnector(account.app, connection, ({ sql, now }) =>
      setFingerprint(sql, scope, ticket, { from, to }, now),
    );
    if (kept) return synced;
  }
  throw new RetryLater(2, 'the status is changing on both sides just now');
}

/** Our side says conflict or stale; Jira says that the issue's status does not allow the move. */
function isRefused(error: unknown): boolean {
  if (error instanceof DomainError) return error.code === 'conflict' || error.code === 'stale';
  return isMoveRefused(error);
}

type Step = Synced & { agreed: Omit<Shared, 'at'> | null };

/** One step of one side towards the other. */
async function step(
  account: JiraAccount,
  connection: Connection,
  link: Link,
  issue: Issue,
  run: Run | null,
): Promise<Step> {
  const settings = readSettings(connection.settings);
  const asTheyAre = { ours: link.status, theirs: issue.status.name };
  switch (compare(readShared(link.fingerprint), link.status, issue.status, settings)) {
    case 'agreed':
      return { did: 'nothing', agreed: asTheyAre };
    case 'left-alone':
      return { did: 'left it', because: `clients are not told of "${issue.status.name}"`, agreed: asTheyAre };
    case 'tell-us':
      return followJira(
        connection,
        link,
        issue,
        run,
        meaningOf(issue.status.name, link.status, settings) ?? link.status,
      );
    case 'tell-jira': {
      const move = moveTo(link.status, issue.status, issue.transitions, settings);
      if (move === 'there') return { did: 'nothing', agreed: asTheyAre };
      if (!move) return { did: 'left it', because: `no move in Jira leads to "${link.status}"`, agreed: asTheyAre };
      await account.jira.move(issue.id, move);
      return { did: 'moved the issue', to: move.to.name, agreed: { ours: link.status, theirs: move.to.name } };
    }
  }
}

async function followJira(
  connection: Connection,
  link: Link,
  issue: Issue,
  run: Run | null,
  status: TicketStatus,
): Promise<Step> {
  if (!run) return { did: 'left it', because: 'its webhook brings it', agreed: null };
  // The issue's time makes the request one of its own when the same status comes again later.
  const requestId = `jira:${connection.account}:status:${issue.id}:${issue.updated}:${status}`;
  await run({ name: 'ticket.progress', input: { ticket: link.id, status }, requestId });
  return { did: 'moved the ticket', to: status, agreed: { ours: status, theirs: issue.status.name } };
}
