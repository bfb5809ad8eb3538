import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import type { NewEvent } from '../kernel/event.ts';
import { event } from '../kernel/event.ts';
import { thing } from '../kernel/thing.ts';
import { there } from '../kernel/thing-definition.ts';
import { readConnection, writeConnection } from './queries.ts';
import { seesConnections } from './rules.ts';
import { Connection, calledOf, Facts } from './schema.ts';

const TRIAGE = [{ audience: 'triage' }] as const;
const STANDING = { active: 'in use', broken: 'out of reach', revoked: 'removed' } as const;

/** An account of a tool that the firm, or one of its clients, has connected. */
export const connection = thing({
  name: 'connection',
  module: null,
  schema: Connection,
  show: 'connection.show',
  called: (it) => calledOf(it),
  standing: ({ status }) => STANDING[status],
  read: async (context, id) => (seesConnections(context.actor) ? readConnection(context, id) : null),
  // People's roles cannot lock the row: what writes it looks whether it is still as it was read.
  lock: readConnection,
  write: writeConnection,
  facts: Facts,
  factsOf: ({ tool, account, status, version }) => ({ tool, account, status, version }),
  audited: ({ tool, account, status, fault, scopes }) => ({ tool, account, status, fault, scopes }),
  within: ({ clientId }) => (clientId ? { clientId } : {}),
});

/** An account was connected, for the first time or again. */
export const connected = connection.event({
  name: 'connection.connected',
  more: { isNew: z.boolean().optional() },
  says: ({ tool, account, isNew }) => `connected ${tool} ${account}${isNew === false ? ' again' : ''}`,
  audience: [],
});
/** A code was posted in the account: whoever may write there could do that, so the firm is told who it was. */
export const claimed = connection.event({
  name: 'connection.claimed',
  more: { code: z.uuid(), by: z.string(), tell: z.array(z.uuid()) },
  says: ({ tool, account, by }) => `connected ${tool} ${account} by a code that ${by} posted there`,
  audience: ({ data }) => [{ audience: 'triage' }, ...data.tell.map((person) => ({ person }))],
});
export const broken = connection.event({
  name: 'connection.broken',
  more: { reason: z.string() },
  says: ({ reason }) => `could not get in: ${reason}`,
  audience: TRIAGE,
});
export const revoked = connection.event({
  name: 'connection.revoked',
  more: { reason: z.string() },
  says: ({ reason }) => `was removed: ${reason}`,
  audience: TRIAGE,
});
export const mended = connection.event({ name: 'connection.mended', says: () => 'tried it again', audience: [] });
export const dropped = connection.event({
  name: 'connection.dropped',
  says: ({ tool, account }) => `disconnected ${tool} ${account}`,
  audience: [],
});
export const connectCodeMade = event({
  name: 'connection.code-made',
  data: z.strictObject({ tool: z.string() }),
  says: ({ tool }) => `had a code made to connect ${tool}`,
  audience: [],
});

/**
 * What connecting an account leaves, and how it is answered.
 * @param more what else is recorded of it
 */
export async function connectedBy(
  context: Context,
  id: string,
  isNew: boolean,
  more: (after: Connection) => NewEvent[] = () => [],
) {
  const after = there(await readConnection(context, id));
  const say = `${calledOf(after)} is connected${isNew ? '' : ' again'}.`;
  return {
    events: [connected.of(null, after, { isNew }), ...more(after)] as [NewEvent, ...NewEvent[]],
    output: connection.done(after, say, { isNew }),
  };
}
