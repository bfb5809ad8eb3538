import { z } from 'zod';
import { sideOf } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import { view } from '../kernel/view.ts';
import { connectionCard, leaveCard, listCard } from './cards.ts';
import { listConnections, readConnection, requireAdministrator } from './connection.ts';

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

/** What the firm is connected to, for its administrators. */
export const showConnections = view({
  name: 'connection.list',
  module: null,
  input: z.strictObject({}),
  show: async ({ sql, actor, newId, portalOf }) => {
    requireAdministrator(actor);
    return listCard(newId(), await listConnections(sql), portalOf({ target: 'connection.new', input: {} }));
  },
});

/** What giving an account up means, before it is done. */
export const leaveConnection = view({
  name: 'connection.leave',
  module: null,
  input: z.strictObject({ connection: z.uuid() }),
  show: async ({ sql, actor }, { connection }) => {
    requireAdministrator(actor);
    const found = await readConnection(sql, connection);
    if (!found) throw new DomainError('not_found', 'This is not there, or not for you.');
    return leaveCard(found);
  },
});
