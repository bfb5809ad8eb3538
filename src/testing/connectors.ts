import { z } from 'zod';
import { egressOf } from '../core/kernel/egress.ts';
import type { Event } from '../core/kernel/event.ts';
import type { App } from '../core/kernel/registry.ts';
import { ManyAccounts } from '../integrations/accounts.ts';
import type { Connector } from '../integrations/connector.ts';

/** A tool that is reached with the environment's credentials alone. */
export function environmentOnly(
  app: App,
  connector: Connector,
  wants: (event: Event) => boolean = () => false,
): ManyAccounts {
  const kind = {
    name: connector.name,
    wants,
    credentials: z.never(),
    account: 'an account',
    environment: () => null,
    load: () => Promise.reject(new Error('this test connects no account of its own')),
  };
  return new ManyAccounts(kind, { app, own: connector, egress: egressOf([]), refused: async () => undefined });
}
