import { z } from 'zod';
import { DomainError } from '../kernel/errors.ts';
import { list } from '../kernel/list.ts';
import { MOST_COUNTED } from '../kernel/standing.ts';
import { there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { endpointCard, endpointsFace } from './cards.ts';
import { endpoint as thing } from './endpoint.ts';
import { countWaiting, pageOfEndpoints, recentDeliveries } from './queries.ts';
import { mayHaveEndpoints } from './rules.ts';
import { Delivery, Endpoint } from './schema.ts';

/** An endpoint and how it fares. */
export const showEndpoint = view({
  name: 'endpoint.show',
  module: null,
  input: z.strictObject({ endpoint: z.uuid() }),
  output: z.strictObject({
    endpoint: Endpoint,
    waiting: z.int().describe(`Webhooks that wait; ${MOST_COUNTED} stands for as many and any number above`),
    deliveries: z.array(Delivery).describe('What it was sent last, the newest first'),
  }),
  read: async (context, { endpoint: id }) => ({
    endpoint: there(await thing.read(context, id)),
    waiting: await countWaiting(context, id),
    deliveries: await recentDeliveries(context, id),
  }),
  card: (data, { actor }) => endpointCard(data, actor),
});

/** The endpoints of the firm and its clients, for its administrators; of a client, for theirs. */
export const listEndpoints = list({
  name: 'endpoint.list',
  module: null,
  item: Endpoint,
  summary: z.strictObject({}),
  order: { by: { name: 'looked up', id: 'id' }, of: 'endpoint' },
  rows: (context, page) => {
    if (!mayHaveEndpoints(context.actor)) throw new DomainError('forbidden', 'This is for administrators.');
    return pageOfEndpoints(context, page);
  },
  summarize: async () => ({}),
  face: ({ items }, drawing) => endpointsFace(items, drawing),
});
