import { ManyAccounts as ManyChannels } from './bots/accounts.ts';
import type { AnyChannelKind, Channel, ChannelTools } from './bots/channel.ts';
import { channels as channelKinds } from './bots/channels.ts';
import type { Config } from './config.ts';
import type { StoredConnection } from './core/kernel/connection.ts';
import { connectedTools } from './core/kernel/connection.ts';
import { egressOf } from './core/kernel/egress.ts';
import { DomainError } from './core/kernel/errors.ts';
import { connectProven } from './core/kernel/proven.ts';
import type { App } from './core/kernel/registry.ts';
import { runCommand } from './core/kernel/registry.ts';
import { faultOfTool } from './faults.ts';
import { ManyAccounts as ManyConnectors } from './integrations/accounts.ts';
import type { Connector } from './integrations/connector.ts';
import { connectors as connectorKinds } from './integrations/connectors.ts';

/** The channels and connectors of a hub. */
export interface Tools {
  /** All there are, by name. Those that nobody has connected load nothing and answer nothing. */
  all: ReadonlyMap<string, ManyChannels>;
  /** Those of which there is an account, by name: by the environment, or by a connection. It grows as firms connect. */
  channels: ReadonlyMap<string, Channel>;
  connectors: ReadonlyMap<string, ManyConnectors>;
  /**
   * Looks whether a firm has connected the first account of a tool. What was connected before it was called is on when it
   * returns; those who call it at the same time share a question to the database.
   */
  look(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens what the environment gives credentials for; accounts of connections are opened when they are needed.
 * @throws StartFault when the environment's credentials of a tool cannot be used
 */
export async function openTools(config: Config, tools: ChannelTools): Promise<Tools> {
  const { app } = tools;
  const egress = egressOf(config.privateHosts);
  const refused = (connection: StoredConnection, reason: string) =>
    noteBroken(app, connection, reason, { version: connection.version });
  const removed = (connection: StoredConnection, reason: string) =>
    noteBroken(app, connection, reason, { revoked: true });
  const left = (connection: StoredConnection, reason: string) =>
    noteBroken(app, connection, reason, { revoked: true, version: connection.version });
  const returned = (connection: StoredConnection) => noteReturned(app, connection);
  const all = await openAll(channelKinds, async (kind) => {
    const own = await openOwn(config, kind, {
      ...tools,
      as: (account, work) => many.as(account, work),
      absent: (account, reason) => many.left(account, reason),
    });
    const many: ManyChannels = new ManyChannels(kind, {
      ...{ ...tools, own, given: kind.environment(config) },
      ...{ egress, refused, removed, left, returned },
    });
    return { many, isOn: own !== null };
  });
  const connectors = await openAll(connectorKinds, async (kind) => {
    const given = kind.environment(config);
    const own: Connector | null = given && (await (await kind.load()).open(given, { app }));
    const application: unknown = kind.application?.(config) ?? null;
    const api = kind.api?.(config) ?? null;
    return { many: new ManyConnectors(kind, { app, own, application, api, egress, refused }), isOn: own !== null };
  });
  const channels = new Map<string, Channel>();
  for (const [name, { many, isOn }] of all) if (isOn) channels.set(name, many);
  const look = together(async () => {
    const off = [...all.keys()].filter((name) => !channels.has(name));
    for (const tool of off.length ? await connectedTools(app, off) : []) {
      const found = all.get(tool);
      if (found) channels.set(tool, found.many);
    }
  });
  // Where the database cannot be asked at this moment, the next look finds them.
  await look().catch((error: unknown) => app.log.warn({ err: error }, 'the connections could not be looked at'));
  const close = async () => {
    await Promise.all([...all.values(), ...connectors.values()].map(({ many }) => many.close()));
  };
  return { all: manyOf(all), channels, connectors: manyOf(connectors), look, close };
}

/** Whoever asks while one is under way shares the next one, which begins after they asked. */
function together(work: () => Promise<void>): () => Promise<void> {
  let last = Promise.resolve();
  let next: Promise<void> | null = null;
  return () => {
    next ??= last.then(() => {
      next = null;
      const working = work();
      last = working.catch(() => undefined);
      return working;
    });
    return next;
  };
}

async function openOwn(config: Config, kind: AnyChannelKind, tools: ChannelTools): Promise<Channel | null> {
  const given: unknown = kind.environment(config);
  return given === null ? null : (await kind.load()).open(given, tools);
}

async function openAll<K extends { name: string }, T>(
  kinds: readonly K[],
  open: (kind: K) => Promise<T>,
): Promise<Map<string, T>> {
  const opening = kinds.map(async (kind) => {
    const opened = await open(kind).catch((error: unknown) => Promise.reject(faultOfTool(error, kind.name)));
    return [kind.name, opened] as const;
  });
  return new Map(await Promise.all(opening));
}

function manyOf<T>(all: ReadonlyMap<string, { many: T }>): Map<string, T> {
  return new Map([...all].map(([name, { many }]) => [name, many]));
}

/**
 * Tells the firm that a tool refuses an account of theirs, or that Parley was removed there. Somebody else may have said so, or
 * mended it, in between.
 * @param found `version`: what was tried. What the tool itself told counts for any.
 */
async function noteBroken(
  app: App,
  connection: StoredConnection,
  reason: string,
  found: { revoked?: true; version?: number },
): Promise<void> {
  const { tenantId, id, tool, account, version } = connection;
  const { revoked } = found;
  const what = revoked ? 'Parley was removed from an account' : 'a tool refuses what an account is reached with';
  app.log.warn({ tool, account, reason }, what);
  const who = { kind: 'system', tenantId, reason: what } as const;
  const input = { connection: id, reason, ...found };
  const requestId = `${revoked ? 'removed' : 'broken'}:${id}:${version}`;
  await runCommand(app, who, { name: 'connection.note-broken', input, requestId }).catch((error: unknown) => {
    if (!(error instanceof DomainError && ['conflict', 'stale', 'not_found'].includes(error.code))) throw error;
  });
}

/** The firm had proven that the account is theirs, and nobody else could connect it meanwhile. */
async function noteReturned(app: App, { tenantId, id, tool, account, version }: StoredConnection): Promise<void> {
  const who = { kind: 'system', tenantId, reason: 'Parley is in an account again' } as const;
  const given = { tool, account, name: null, credentials: null };
  await connectProven(app, who, given, `returned:${id}:${version}`);
}
