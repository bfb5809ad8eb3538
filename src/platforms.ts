import { z } from 'zod';
import type { AnyChannelKind } from './bots/channel.ts';
import { channels } from './bots/channels.ts';
import type { Config } from './config.ts';
import type { AccountTyped, Proof, ProvingTools } from './core/kernel/account-form.ts';
import { parseInput } from './core/kernel/command.ts';
import { openedCredentials, storedConnection, tenantOf } from './core/kernel/connection.ts';
import type { Kernel } from './core/kernel/context.ts';
import { addressFault, egressOf } from './core/kernel/egress.ts';
import { DomainError } from './core/kernel/errors.ts';
import type { Platforms } from './core/kernel/platform.ts';
import type { AnyConnectorKind } from './integrations/connector.ts';
import { connectors } from './integrations/connectors.ts';

const kinds: readonly (AnyChannelKind | AnyConnectorKind)[] = [...channels, ...connectors];

/**
 * What this hub is set up for, and how to ask it: in the hub itself and from the command line alike.
 * @param kernel gives the kernel that the platforms become a part of
 * @param isConnected says of a tool whether some firm has an account with credentials of its own
 * @param leave where accounts are open: see Platforms
 */
export function platformsOf(
  config: Config,
  kernel: () => Kernel,
  isConnected: (tool: string) => boolean = () => false,
  leave: (connection: string) => Promise<void> = async () => undefined,
): Platforms {
  const egress = egressOf(config.privateHosts);
  const givenOf = (tool: string): unknown => kinds.find(({ name }) => name === tool)?.environment(config) ?? null;
  const installs = (tool: string) =>
    kinds.some(
      (kind) =>
        kind.name === tool &&
        (('installs' in kind && kind.installs?.(config) === true) ||
          ('application' in kind && Boolean(kind.application?.(config)))),
    );
  const apiOf = (tool: string): string | null => {
    const kind = kinds.find(({ name }) => name === tool);
    return (kind && 'api' in kind && kind.api?.(config)) || null;
  };
  const posts = (tool: string) => {
    const kind = kinds.find(({ name }) => name === tool);
    return (kind && 'posts' in kind && givenOf(tool) !== null && kind.posts) || null;
  };
  return {
    has: (tool) => givenOf(tool) !== null || isConnected(tool),
    direct: (tool) => channels.some(({ name, can }) => name === tool && (name === 'email' || can.direct === true)),
    installs,
    posts,
    leave,
    addressFault: (url) => addressFault(egress, url),
    ways: () =>
      kinds
        .filter(({ name, form }) => form || installs(name) || posts(name))
        .map(({ name, account }) => ({ tool: name, account })),
    asks: (tool) => {
      const kind = kinds.find(({ name }) => name === tool);
      const trip = tripOf(kind);
      if (!kind?.form || !trip) return kind?.form ?? null;
      return { ...kind.form, lead: `${kind.form.lead} ${givenOf(tool) === null ? trip.unsent : trip.sent}` };
    },
    prove: async (tool, typed, tenantId) => {
      const api = apiOf(tool);
      const proof = await prove(kernel(), { egress, ...(api ? { api } : {}) }, tool, typed, tenantId);
      const sends = tripOf(kinds.find(({ name }) => name === tool)) !== undefined && givenOf(tool) !== null;
      // What is the firm's already takes nothing from anybody.
      const isTheirs = sends && (await storedConnection(kernel(), tenantId, tool, { account: proof.account })) !== null;
      return { ...proof, waits: sends && !isTheirs };
    },
    open: async (tool, account) => {
      const kind = kinds.find(({ name }) => name === tool);
      const own = kind && account !== undefined ? await ownOf(kernel(), kind, account) : null;
      const credentials = own ?? givenOf(tool);
      return kind && credentials !== null ? (await kind.load()).platform(credentials) : null;
    },
  };
}

/** What is said of a kind whose accounts are proven by what arrives in them. */
function tripOf(kind: (typeof kinds)[number] | undefined) {
  return kind && 'roundTrip' in kind ? kind.roundTrip : undefined;
}

async function prove(
  kernel: Kernel,
  ways: Pick<ProvingTools, 'egress' | 'api'>,
  tool: string,
  typed: Readonly<Record<string, string>>,
  tenantId: string,
): Promise<Proof> {
  const kind = kinds.find(({ name }) => name === tool);
  const loaded = kind?.form && (await kind.load());
  if (!kind?.form || !loaded?.prove) throw new DomainError('not_found', 'This tool is not connected by typing.');
  const input = parseInput(z.object(kind.form.fields), typed) as AccountTyped;
  const credentialsOf = async (account: string) => {
    const stored = await storedConnection(kernel, tenantId, tool, { account });
    return stored?.sealed ? openedCredentials(kernel, stored) : null;
  };
  return loaded.prove(input, { clock: kernel.clock, publicUrl: kernel.publicUrl, credentialsOf, ...ways });
}

/** What an account is reached with by its connection; null for one that the environment's credentials are for. */
async function ownOf(kernel: Kernel, kind: AnyChannelKind | AnyConnectorKind, account: string): Promise<unknown> {
  const tenantId = await tenantOf(kernel, { tool: kind.name, account });
  const stored = tenantId ? await storedConnection(kernel, tenantId, kind.name, { account }) : null;
  return stored?.sealed ? kind.credentials.parse(await openedCredentials(kernel, stored)) : null;
}
