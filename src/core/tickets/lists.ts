import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { choice, optional } from '../kernel/field.ts';
import { list } from '../kernel/list.ts';
import { mineFace, queueFace } from './list-cards.ts';
import { openOrDone, pageOfMine, pageOfQueue, triageCounts } from './list-queries.ts';
import { isTeam } from './rules.ts';
import { Counts, KINDS, ListedTicket, PRIORITIES } from './schema.ts';

const kind = optional(choice(KINDS, { label: 'Kind' }));

/** What the team has to look at first: the most urgent, and of those what waits longest (C2). */
export const showQueue = list({
  name: 'ticket.queue',
  module: 'tickets',
  filters: {
    priority: optional(choice(PRIORITIES, { label: 'Priority' })),
    kind,
    owner: optional(choice(['nobody', 'me'], { label: 'Owner' })),
  },
  item: ListedTicket,
  summary: Counts.describe('All open tickets that the reader may see'),
  key: { urgency: 'number', createdAt: 'instant', id: 'id' },
  placeOf: ({ priority, createdAt, id }) => ({
    urgency: PRIORITIES.length - PRIORITIES.indexOf(priority),
    createdAt: new Date(createdAt),
    id,
  }),
  rows: (context, turn, filters) => {
    if (!isTeam(context.actor)) throw new DomainError('forbidden', 'The triage queue is for the team.');
    return pageOfQueue(context, turn, filters);
  },
  summarize: (context) => triageCounts(context),
  face: ({ summary }, { actor }) => queueFace(summary, actor),
});

/** What a contact may see of tickets; what somebody of the team owns. The open ones first, then what was touched last. */
export const showMine = list({
  name: 'ticket.mine',
  module: 'tickets',
  filters: { state: optional(choice(['open', 'done'], { label: 'State' })), kind },
  item: ListedTicket,
  summary: z.strictObject({}),
  key: { isOpen: 'number', updatedAt: 'instant', id: 'id' },
  placeOf: ({ status, updatedAt, id }) => ({ isOpen: openOrDone(status), updatedAt: new Date(updatedAt), id }),
  rows: (context: Context, turn, filters) => pageOfMine(context, turn, filters),
  summarize: async () => ({}),
  face: (_list, { actor }) => mineFace(actor),
});
