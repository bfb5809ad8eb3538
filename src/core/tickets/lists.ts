import { z } from 'zod';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { choice, optional } from '../kernel/field.ts';
import { list } from '../kernel/list.ts';
import { MOST_COUNTED } from '../kernel/standing.ts';
import { isTeam } from '../people/index.ts';
import { mineFace, queueFace } from './list-cards.ts';
import { BY_URGENCY, OPEN_FIRST, pageOfMine, pageOfQueue, triageCounts } from './list-queries.ts';
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
  summary: Counts.describe(
    `All open tickets that the reader may see; ${MOST_COUNTED} stands for as many and any number above`,
  ),
  order: BY_URGENCY,
  rows: (context, page, filters) => {
    if (!isTeam(context.actor)) throw new DomainError('forbidden', 'The triage queue is for the team.');
    return pageOfQueue(context, page, filters);
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
  order: OPEN_FIRST,
  rows: (context: Context, page, filters) => pageOfMine(context, page, filters),
  summarize: async () => ({}),
  face: (_list, { actor }) => mineFace(actor),
});
