import { setTimeout as sleep } from 'node:timers/promises';
import { NotConnected } from '../core/kernel/accounts.ts';
import { connectionNamed } from '../core/kernel/connection.ts';
import type { App } from '../core/kernel/registry.ts';
import type { Sweep } from '../core/kernel/sweep.ts';
import type { Asked, Connectors } from './runner.ts';
import { everyAccount } from './runner.ts';

/** Milliseconds for which whoever gives an account up waits for the tool. */
const LEAVING = 1_500;

/** Sees every hour to what tools would forget by themselves: each account is a part of its own. */
export function upkeepSweep(app: App, connectors: Connectors): Sweep {
  return {
    name: 'upkeep',
    cron: '23 * * * *',
    parts: () => everyAccount(connectors),
    work: (part) => upkeep(app, connectors, part as Asked),
  };
}

/** Of one account. One that fails now is seen to next time. */
export async function upkeep(app: App, connectors: Connectors, { connector, tenantId, account }: Asked): Promise<void> {
  try {
    await connectors
      .get(connector)
      ?.use(tenantId, { account }, async (opened, connection) => opened.upkeep?.(connection));
  } catch (error) {
    if (error instanceof NotConnected) return;
    app.log.warn({ err: error, connector, account }, 'what a tool would forget could not be seen to');
  }
}

/** Takes away what Parley made for itself in an account that is given up, where the tool lets it do so soon. */
export async function leave(app: App, connectors: Connectors, connection: string): Promise<void> {
  const found = await connectionNamed(app, connection);
  const connector = found && connectors.get(found.tool);
  if (!connector) return;
  const { tenantId, tool, account } = found;
  const leaving = connector
    .use(tenantId, { account }, async (opened) => opened.leave?.())
    .catch((error: unknown) => {
      app.log.info({ err: error, tool, account }, 'an account was given up without taking away what was made there');
    });
  await Promise.race([leaving, sleep(LEAVING, undefined, { ref: false })]);
}
