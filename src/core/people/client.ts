import { thing } from '../kernel/thing.ts';
import { readClient } from './queries.ts';
import { Client, ClientFacts } from './schema.ts';

/** A company that the firm works for: whose everything else is. */
export const client = thing({
  name: 'client',
  module: null,
  schema: Client,
  show: 'client.show',
  called: ({ name }) => name,
  standing: () => 'a client',
  read: readClient,
  facts: ClientFacts,
  factsOf: ({ name, timezone, version }) => ({ name, timezone, version }),
  audited: ({ name, timezone }) => ({ name, timezone }),
  within: ({ id }) => ({ clientId: id }),
});

export const clientAdded = client.event({
  name: 'people.client-added',
  says: () => 'added the client',
  audience: [],
});
