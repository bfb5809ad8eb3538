import { z } from 'zod';
import { sideOf } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import { list } from '../kernel/list.ts';
import { postedCodeOf } from '../kernel/posted-code.ts';
import { view } from '../kernel/view.ts';
import { codeCard, connectionCard, connectionsFace, leaveCard } from './cards.ts';
import { ConnectionRow, connects, pageOfConnections, readConnection, requireAdministrator } from './connection.ts';

/** A connection of the firm, for its people alone. */
export const showConnection = view({
  name: 'connection.show',
  module: null,
  input: z.strictObject({ connection: z.uuid() }),
  output: z.strictObject({ connection: ConnectionRow }),
  read: async ({ sql, actor }, { connection }) => {
    // Members and contacts do not see the table at all.
    const narrow =
      actor.kind === 'person' ? actor.role === 'member' : actor.kind === 'audience' && actor.clientId !== null;
    const sees = sideOf(actor) === 'staff' && !narrow;
    const found = sees ? await readConnection(sql, connection) : null;
    if (!found) throw new DomainError('not_found', 'This is not there, or not for you.');
    return { connection: found };
  },
  card: ({ connection }, { actor }) => connectionCard(connection, actor),
});

/** What the firm is connected to, for its administrators. */
export const showConnections = list({
  name: 'connection.list',
  module: null,
  item: ConnectionRow,
  summary: z.strictObject({}),
  key: { id: 'id' },
  placeOf: ({ id }) => ({ id }),
  rows: (context, turn) => {
    if (!connects(context.actor)) throw new DomainError('forbidden', 'This is for administrators.');
    return pageOfConnections(context, turn);
  },
  summarize: async () => ({}),
  face: ({ items }, { portalOf }) => connectionsFace(items, portalOf({ target: 'connection.new', input: {} })),
});

/** What giving an account up means, before it is done. */
export const leaveConnection = view({
  name: 'connection.leave',
  module: null,
  input: z.strictObject({ connection: z.uuid() }),
  output: z.strictObject({ connection: ConnectionRow }),
  read: async ({ sql, actor }, { connection }) => {
    requireAdministrator(actor);
    const found = await readConnection(sql, connection);
    if (!found) throw new DomainError('not_found', 'This is not there, or not for you.');
    return { connection: found };
  },
  card: ({ connection }) => leaveCard(connection),
});

/** A code that was made, shown to whoever had it made until it was used. */
export const connectCode = view({
  name: 'connection.code',
  module: null,
  input: z.strictObject({ code: z.uuid() }),
  output: z.strictObject({ tool: z.string().describe('Where it is to be posted; the code itself is only drawn') }),
  read: async ({ sql, now, platforms }, { code }) => {
    const [row] = await sql<{ tool: string | null }>`select parley_connect_code(${code}, ${now}) as tool`;
    if (!row?.tool || !platforms.posts?.(row.tool))
      throw new DomainError('not_found', 'This code does not count any more, or is not yours.');
    return { tool: row.tool };
  },
  card: ({ tool }, { secrets, platforms }, { code: id }) => {
    const digits = postedCodeOf(secrets, id);
    const code = `${digits.slice(0, 4)}-${digits.slice(4)}`;
    return codeCard(id, tool, code, platforms.posts?.(tool)?.(code) ?? '');
  },
});
