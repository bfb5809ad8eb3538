import { z } from 'zod';
import { command } from '../kernel/command.ts';
import { DomainError } from '../kernel/errors.ts';
import { formFor } from '../kernel/form.ts';
import { doneCard } from '../kernel/thing-definition.ts';
import { addressIn } from './address.ts';
import { added, endpoint } from './endpoint.ts';
import { areaChoices, areasFrom, endpointFields } from './fields.ts';
import { countEndpoints, writeEndpoint } from './queries.ts';
import type { Kind } from './rules.ts';
import { MOST_ENDPOINTS, mayHaveEndpoints } from './rules.ts';
import type { Endpoint } from './schema.ts';
import { newSecret } from './secrets.ts';

/** Has an address told of what happens. The secret with which its webhooks are signed is shown on the page of this press, once. */
export function addEndpoint(kinds: readonly Kind[]) {
  const fields = endpointFields(kinds);
  return command({
    name: 'endpoint.add',
    input: z.strictObject(fields),
    form: formFor({
      title: 'Add an endpoint',
      submit: 'Add it',
      fields,
      who: mayHaveEndpoints,
      ask: ({ actor }) => ({ choices: { areas: areaChoices(kinds, actor) } }),
    }),
    onPage: true,
    load: async () => ({}),
    policy: (actor) => mayHaveEndpoints(actor),
    handle: async (context, { name, url, areas }) => {
      const { actor, sql, newId, platforms } = context;
      if (actor.kind !== 'person') throw new DomainError('forbidden', 'You may not do this.');
      const after: Endpoint = {
        ...{ id: newId(), clientId: actor.clientId, clientName: null, name, url: addressIn(url, platforms) },
        ...{
          areas: areasFrom(areas, kinds, actor),
          status: 'active',
          fault: null,
          ownerId: actor.personId,
          version: 1,
        },
        ...{ succeededAt: null, failedAt: null, failure: null },
      };
      // Those who add at once do so one after the other: each counts those before it.
      await sql`select pg_advisory_xact_lock(hashtextextended(${`endpoints of ${actor.clientId ?? actor.tenantId}`}, 0))`;
      if ((await countEndpoints(context, actor.clientId)) >= MOST_ENDPOINTS)
        throw new DomainError('conflict', `There are ${MOST_ENDPOINTS}. Please remove one that is of no use any more.`);
      await writeEndpoint(context, null, after);
      return {
        events: [added.of(null, after, { tell: [actor.personId] })],
        output: endpoint.done(after, `“${name}” is told from now on.`),
        shown: await newSecret(context, after),
      };
    },
    reply: (output) => doneCard(endpoint, output),
  });
}
