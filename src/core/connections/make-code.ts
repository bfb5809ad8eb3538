import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { hashOfPosted, POSTED_MINUTES, postedCodeOf } from '../kernel/posted-code.ts';
import { codeMade } from './code-cards.ts';
import { connectCodeMade } from './connection.ts';
import { isAdministrator } from './rules.ts';

/**
 * Makes a code that an administrator posts in a workspace: that they could post it there is the proof that it is theirs. It is
 * about no connection yet, and is shown by a further press, to whoever had it made alone.
 */
export const makeCode = command({
  name: 'connection.make-code',
  input: z.strictObject({ tool: z.string().max(40) }),
  assurance: 'chat',
  load: async () => ({}),
  policy: (actor) => isAdministrator(actor),
  handle: async ({ sql, newId, now, secrets, platforms }, { tool }) => {
    if (!platforms.posts?.(tool))
      throw new DomainError('conflict', 'Accounts of this tool are not connected by a code.');
    const id = newId();
    const hash = hashOfPosted(secrets, tool, postedCodeOf(secrets, id));
    const expires = new Date(now.getTime() + POSTED_MINUTES * 60_000);
    const [row] = await sql<{ made: boolean }>`
      select parley_make_connect_code(${id}, ${tool}, ${hash}, ${now}, ${expires}) as made`;
    if (!row?.made)
      throw new DomainError('rate_limited', 'That were many codes in a short time. Please wait an hour and try again.');
    return {
      events: [connectCodeMade.of({ entity: 'connect-code', id }, { tool })],
      output: { id },
    };
  },
  reply: ({ id }) => codeMade(id),
});
