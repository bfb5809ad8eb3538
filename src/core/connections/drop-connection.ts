import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { aboutOf, calledOf, connects, dropped, readConnection } from './connection.ts';

/** Gives an account up, with what it is reached with: nothing more goes there, and any firm that proves it is theirs may connect it. */
export const dropConnection = command({
  name: 'connection.drop',
  input: z.strictObject({ connection: z.uuid() }),
  assurance: 'chat',
  load: ({ sql }, { connection }) => readConnection(sql, connection),
  policy: (actor) => connects(actor),
  handle: async ({ sql }, _input, connection) => {
    const { id, tool, account } = connection;
    const [row] = await sql<{ dropped: boolean }>`select parley_drop_connection(${id}) as dropped`;
    if (!row?.dropped) throw new DomainError('not_found', 'This is not there, or not for you.');
    return {
      events: [
        {
          ...dropped.of({ entity: 'connection', id }, { tool, account }, { before: { tool, account } }),
          ...aboutOf(connection),
        },
      ],
      output: { id, called: calledOf(connection) },
    };
  },
  reply: ({ id, called }) => confirmation(id, `${called} is disconnected.`),
});
