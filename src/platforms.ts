import type { AnyChannelKind } from './bots/channel.ts';
import { channels } from './bots/channels.ts';
import type { Config } from './config.ts';
import { openedCredentials, storedConnection, tenantOf } from './core/kernel/connection.ts';
import type { Kernel } from './core/kernel/context.ts';
import type { Platforms } from './core/kernel/platform.ts';
import type { AnyConnectorKind } from './integrations/connector.ts';
import { connectors } from './integrations/connectors.ts';

const kinds: readonly (AnyChannelKind | AnyConnectorKind)[] = [...channels, ...connectors];

/**
 * What this hub is set up for, and how to ask it: in the hub itself and from the command line alike.
 * @param kernel gives the kernel that the platforms become a part of
 */
export function platformsOf(config: Config, kernel: () => Kernel): Platforms {
  const givenOf = (tool: string): unknown => kinds.find(({ name }) => name === tool)?.environment(config) ?? null;
  return {
    has: (tool) => givenOf(tool) !== null,
    installs: (tool) =>
      kinds.some((kind) => kind.name === tool && 'installs' in kind && kind.installs?.(config) === true),
    open: async (tool, account) => {
      const kind = kinds.find(({ name }) => name === tool);
      const own = kind && account !== undefined ? await ownOf(kernel(), kind, account) : null;
      const credentials = own ?? givenOf(tool);
      return kind && credentials !== null ? (await kind.load()).platform(credentials) : null;
    },
  };
}

/** What an account is reached with by its connection; null for one that the environment's credentials are for. */
async function ownOf(kernel: Kernel, kind: AnyChannelKind | AnyConnectorKind, account: string): Promise<unknown> {
  const tenantId = await tenantOf(kernel, { tool: kind.name, account });
  const stored = tenantId ? await storedConnection(kernel, tenantId, kind.name, { account }) : null;
  return stored?.sealed ? kind.credentials.parse(await openedCredentials(kernel, stored)) : null;
}
