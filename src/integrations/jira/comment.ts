import { z } from 'zod';
import type { Worked } from '../../core/kernel/inbox.ts';
import { asConnector } from '../as-connector.ts';
import { scopeOf } from '../claims.ts';
import type { Connection, Run } from '../connector.ts';
import { noteReceived, RECEIVED, readRef } from '../refs.ts';
import { applied, duplicate } from '../worked.ts';
import type { JiraAccount } from './account.ts';
import { textOf } from './adf.ts';
import { addressed, isOurs } from './map.ts';
import type { CommentCreated } from './payload.ts';
import type { Link } from './read-ticket.ts';
import { MESSAGE } from './ticket.ts';

/** Works the webhook of a new comment: ours came back, or it becomes a reply or a note in the name of who wrote it. */
export async function commentCreated(
  account: JiraAccount,
  connection: Connection,
  payload: CommentCreated,
  link: Link,
  run: Run,
): Promise<Worked> {
  const { comment } = payload;
  const scope = scopeOf(connection);
  const known = await asConnector(account.app, connection, ({ sql }) =>
    readRef(sql, scope, MESSAGE, { externalId: comment.id }),
  );
  if (known)
    return known.fingerprint === RECEIVED ? applied('the comment is here') : duplicate('our own comment came back');
  const text = textOf(comment.body);
  // The webhook may be faster than the answer to our request, whose id nobody has noted then.
  if (isOurs(text) && comment.author?.accountId === (await account.jira.me()))
    return duplicate('our own comment came back');
  const { to, body } = addressed(text);
  if (!body) return applied('the comment is empty');
  const byName = comment.author?.displayName?.trim() || 'Somebody in Jira';
  const requestId = `jira:${connection.account}:comment:${comment.id}`;
  const command = to === 'client' ? 'ticket.reply' : 'ticket.note';
  const output = await run({ name: command, input: { ticket: link.id, body, byName }, requestId });
  await noteMessage(account, connection, link, comment.id, output);
  return applied(to === 'client' ? 'sent to the client as a reply' : 'kept as an internal note');
}

/** Notes which message the comment became. Without the note nothing is sent twice: what came from Jira is never sent back. */
async function noteMessage(
  account: JiraAccount,
  connection: Connection,
  { clientId }: Link,
  commentId: string,
  output: unknown,
): Promise<void> {
  const said = z.object({ message: z.uuid() }).safeParse(output);
  if (!said.success) return;
  const message = { entity: MESSAGE, id: said.data.message, clientId };
  await asConnector(account.app, connection, ({ sql }) => noteReceived(sql, scopeOf(connection), message, commentId));
}
