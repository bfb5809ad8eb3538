import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { readProven } from '../kernel/proven.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { connectedBy, connection } from './connection.ts';
import { keepConnection, requireOnly } from './queries.ts';
import { connects } from './rules.ts';

/**
 * Connects an account that the tool itself said belongs to whoever brought its credentials: new, or again with other ones.
 * What is asked for is signed by the hub and sealed already, so that no press of anybody's making connects anything.
 */
export const addConnection = command({
  name: 'connection.add',
  input: z.strictObject({ proof: z.string().max(50_000), signature: z.string().max(100) }),
  load: async ({ secrets, actor }, input) => {
    const proven = readProven(secrets, input, 'proven');
    return proven?.tenantId === actor.tenantId ? proven : null;
  },
  policy: (actor) => connects(actor),
  handle: async (context, _input, proven) => {
    await requireOnly(context.sql, proven);
    return connectedBy(context, proven.id, await keepConnection(context.sql, proven));
  },
  reply: (output) => doneCard(connection, output),
});
