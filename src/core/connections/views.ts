import { z } from 'zod';
import { assured, sideOf } from '../kernel/actor.ts';
import { beginningOf, signBeginning } from '../kernel/connect-link.ts';
import { DomainError } from '../kernel/errors.ts';
import { view } from '../kernel/view.ts';
import { connectionCard, listCard } from './cards.ts';
import { connects, listConnections, readConnection } from './connection.ts';

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

/** What the firm is connected to, for its administrators, with their own link to add Parley to another workspace. */
export const showConnections = view({
  name: 'connection.list',
  module: null,
  input: z.strictObject({}),
  show: async ({ sql, actor, now, newId, secrets, platforms, publicUrl }) => {
    if (actor.kind !== 'person' || !connects(actor)) throw new DomainError('forbidden', 'This is for administrators.');
    const adds = assured(actor.assurance, 'chat') && platforms.installs?.('slack') === true;
    const begin = () => signBeginning(secrets, beginningOf(actor, 'slack', newId(), now));
    return listCard(newId(), await listConnections(sql), adds ? `${publicUrl}/slack/install/${begin()}` : null);
  },
});
