import { z } from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { list } from '../kernel/list.ts';
import { postedCodeOf } from '../kernel/posted-code.ts';
import { there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { AccountProof, readProof, waitingProofs } from './account-proof.ts';
import { connectionCard, connectionsFace, leaveCard } from './cards.ts';
import { codeCard, postedCard } from './code-cards.ts';
import { connection as thing } from './connection.ts';
import { proofCard } from './proof-cards.ts';
import { pageOfConnections, readPosted } from './queries.ts';
import { connects, requireAdministrator, seesConnections } from './rules.ts';
import { Connection, Posted } from './schema.ts';

const Shown = z.strictObject({ connection: Connection });

/** A connection of the firm, for its people alone. */
export const showConnection = view({
  name: 'connection.show',
  module: null,
  input: z.strictObject({ connection: z.uuid() }),
  output: Shown,
  read: async (context, { connection }) => ({ connection: there(await thing.read(context, connection)) }),
  card: ({ connection }, { actor }) => connectionCard(connection, actor),
});

/** What the firm is connected to, for its administrators. */
export const showConnections = list({
  name: 'connection.list',
  module: null,
  item: Connection,
  summary: z.strictObject({ waiting: z.array(AccountProof).describe('Those that are to be proven yet') }),
  order: { by: { tool: 'looked up', id: 'id' }, of: 'connection' },
  rows: (context, page) => {
    if (!connects(context.actor)) throw new DomainError('forbidden', 'This is for administrators.');
    return pageOfConnections(context, page);
  },
  summarize: async (context) => ({ waiting: await waitingProofs(context) }),
  face: ({ items, summary: { waiting } }, { portalOf }) =>
    connectionsFace(items, waiting, portalOf({ target: 'connection.new', input: {} })),
});

/** What giving an account up means, before it is done. */
export const leaveConnection = view({
  name: 'connection.leave',
  module: null,
  input: z.strictObject({ connection: z.uuid() }),
  output: Shown,
  read: async (context, { connection }) => {
    requireAdministrator(context.actor);
    return { connection: there(await thing.read(context, connection)) };
  },
  card: ({ connection }, { actor }) => leaveCard(connection, actor),
});

/** An account that is to be proven, for the firm's administrators. */
export const showProof = view({
  name: 'connection.proof',
  module: null,
  input: z.strictObject({ waiting: z.uuid() }),
  output: z.strictObject({ proof: AccountProof }),
  read: async (context, { waiting }) => {
    if (!connects(context.actor)) throw new DomainError('forbidden', 'This is for administrators.');
    return { proof: there(await readProof(context, waiting)) };
  },
  card: ({ proof }, { now, actor }) => proofCard(proof, now, actor),
});

/** Who posted a code, and what became of what it connected; for the people of the firm who see its connections. */
export const postedCode = view({
  name: 'connection.posted',
  module: null,
  input: z.strictObject({ code: z.uuid() }),
  output: z.strictObject({
    posted: Posted,
    connection: Connection.nullable().describe('As it is now; null when it was disconnected'),
  }),
  read: async (context, { code }) => {
    const posted = there(seesConnections(context.actor) ? await readPosted(context, code) : null);
    return { posted, connection: await thing.read(context, posted.connection) };
  },
  card: ({ posted, connection }, { actor }, { code }) => postedCard(posted, connection, code, actor),
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
