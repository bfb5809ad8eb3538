import { z } from 'zod';
import { sideOf } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import { view } from '../kernel/view.ts';
import { connectionCard } from './cards.ts';
import { readConnection } from './connection.ts';

/** A connection of the firm, for its people alone. */
export const showConnection = view({
  name: 'connection.show',
  module: null,
  input: z.strictObject({ connection: z.uuid() }),
  show: async ({ sql, actor }, { connection }) => {
    // Members and contacts do not see the table at all.
    const narrow =
      actor.kind === 'person' ? actor.role === 'member' : actor.kind === 'audience' && actor.clientId !== null;
    const sees = sideOf(actor) === 'staff' && !narrow;
    const found = sees ? await readConnection(sql, connection) : null;
    if (!found) throw new DomainError('not_found', 'This is not there, or not for you.');
    return connectionCard(found, actor);
  },
});
