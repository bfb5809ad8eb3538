import { z } from 'zod';
import { thing } from '../kernel/thing.ts';
import { readEndpoint, writeEndpoint } from './queries.ts';
import { keeps } from './rules.ts';
import { Endpoint, Facts } from './schema.ts';

const STANDING = { active: 'in use', paused: 'paused', failed: 'given up' } as const;

/** An address that is told of what happens by signed webhooks (feature K7). */
export const endpoint = thing({
  name: 'endpoint',
  module: null,
  schema: Endpoint,
  show: 'endpoint.show',
  called: ({ name }) => `“${name}”`,
  summary: ({ url }) => url,
  standing: ({ status }) => STANDING[status],
  read: async (context, id) => {
    const found = await readEndpoint(context, id);
    return found && keeps(context.actor, found) ? found : null;
  },
  // People's roles cannot lock the row: what writes it looks whether it is still as it was read.
  write: (context, before, after) => writeEndpoint(context, before, after),
  facts: Facts,
  factsOf: ({ name, status, version }) => ({ name, status, version }),
  audited: ({ name, url, areas, status, fault, version }) => ({ name, url, areas, status, fault, version }),
  // The client's administrators read no events.
  changes: ({ actor }, it) =>
    actor.kind === 'person' && actor.side === 'contact'
      ? Promise.resolve([`It is ${STANDING[it.status]} now`])
      : undefined,
  within: ({ clientId }) => (clientId ? { clientId } : {}),
});

const people = { tell: z.array(z.uuid()).describe('Who is told') };
const tellThem = ({ data }: { data: { tell: string[] } }) =>
  data.tell.map((person) => ({ person, everywhere: true as const }));

/** Whoever has what happens told in somebody's name does not stay unnoticed. */
export const added = endpoint.event({
  name: 'endpoint.added',
  more: people,
  says: ({ name }) => `made the endpoint “${name}”`,
  audience: tellThem,
});
export const changed = endpoint.event({ name: 'endpoint.changed', says: () => 'changed it', audience: [] });
export const secretRotated = endpoint.event({
  name: 'endpoint.secret-rotated',
  more: people,
  says: () => 'made a new secret for it',
  audience: tellThem,
});
/** It is sent to the endpoint alone, as a webhook like any other. */
export const tested = endpoint.event({ name: 'endpoint.tested', says: () => 'sent it a test', audience: [] });
export const replayed = endpoint.event({
  name: 'endpoint.replayed',
  more: { since: z.iso.datetime().describe('From when on') },
  says: ({ since }) => `had all since ${since} sent again`,
  audience: [],
});
export const paused = endpoint.event({ name: 'endpoint.paused', says: () => 'paused it', audience: [] });
export const resumed = endpoint.event({ name: 'endpoint.resumed', says: () => 'put it to use again', audience: [] });
/** It did not take webhooks for days, or said that it is gone. */
export const failed = endpoint.event({
  name: 'endpoint.failed',
  more: { ...people, reason: z.string() },
  says: ({ reason }) => `gave it up: ${reason}`,
  audience: tellThem,
});
export const removed = endpoint.event({
  name: 'endpoint.removed',
  says: ({ name }) => `removed the endpoint “${name}”`,
  audience: [],
});
