import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { readProven } from '../kernel/proven.ts';
import { connectedCard } from './cards.ts';
import { aboutOf, calledOf, connected, connects, keepConnection } from './connection.ts';

/**
 * Connects an account that the tool itself said belongs to whoever brought its credentials: new, or again with other ones.
 * What is asked for is signed by the hub and sealed already, so that no press of anybody's making connects anything.
 */
export const addConnection = command({
  name: 'connection.add',
  input: z.strictObject({ proof: z.string().max(50_000), signature: z.string().max(100) }),
  load: async ({ secrets, actor }, input) => {
    const proven = readProven(secrets, input);
    return proven?.tenantId === actor.tenantId ? proven : null;
  },
  policy: (actor) => connects(actor),
  handle: async ({ sql }, _input, proven) => {
    const { id, tool, account, clientId, settings, scopes } = proven;
    const isNew = await keepConnection(sql, proven, `${tool} ${account}`);
    const name = typeof settings.name === 'string' ? settings.name : null;
    return {
      events: [
        {
          ...connected.of({ entity: 'connection', id }, { tool, account }),
          ...aboutOf({ id, clientId }),
          after: { tool, account, scopes, isNew },
        },
      ],
      output: { id, called: calledOf({ tool, account, name }), isNew },
    };
  },
  reply: connectedCard,
});
