import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { confirmation } from './cards.ts';
import { aboutOf, calledOf, connects, mended, readConnection, showing } from './connection.ts';

/** Tries a broken connection again, after what was wrong was put right on the tool's side or in the settings of the hub. */
export const mendConnection = command({
  name: 'connection.mend',
  input: z.strictObject({ connection: z.uuid() }),
  assurance: 'chat',
  load: ({ sql }, { connection }) => readConnection(sql, connection),
  policy: (actor) => connects(actor),
  handle: async ({ sql }, _input, connection) => {
    const { id, status } = connection;
    const [row] = await sql<{ mended: boolean }>`select parley_mend_connection(${id}) as mended`;
    if (!row?.mended)
      throw new DomainError(
        'conflict',
        status === 'revoked' ? 'Parley was removed there: connect it again.' : 'It is in use already.',
        { show: showing(id) },
      );
    const change = { before: { status }, after: { status: 'active' } };
    return {
      events: [{ ...mended.of({ entity: 'connection', id }, {}, change), ...aboutOf(connection) }],
      output: { id, called: calledOf(connection) },
    };
  },
  reply: ({ id, called }) => confirmation(id, `${called} is tried again. If it still refuses, you are told here.`),
});
