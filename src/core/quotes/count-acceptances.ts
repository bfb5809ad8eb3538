import { z } from 'zod';
import { scopesOf } from '../cycles/index.ts';
import { isSystem } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import type { NewEvent } from '../kernel/event.ts';
import { sentence } from '../kernel/thing-definition.ts';
import { noteAccepted } from './accept-quote.ts';
import { settle } from './offer.ts';
import { quoteForUpdate, sentTo } from './queries.ts';
import { counted } from './quote.ts';
import type { AcceptedQuote, Quote } from './schema.ts';

/**
 * Counts who of a client has accepted what waits for it, after its rule changed or somebody came or left: the cards say who must
 * accept now, and what enough of them have signed is accepted.
 */
export const countAcceptances = command({
  name: 'quote.count-acceptances',
  input: z.strictObject({ client: z.uuid() }),
  load: async (context, { client }) => {
    const quotes = await sentTo(context, client);
    return quotes.length ? { quotes } : null;
  },
  policy: isSystem,
  handle: async (context, { client }, { quotes }) => {
    const events: NewEvent[] = [];
    // In one order, so that two who count at once wait for one another and nobody for ever.
    for (const id of quotes) events.push(...(await countOne(context, id)));
    const [first, ...others] = events;
    if (!first) throw new DomainError('conflict', 'Nothing of this client waits for an answer any more.');
    return { events: [first, ...others], output: { id: client, say: 'Who has accepted is counted.' } };
  },
  reply: ({ id, say }) => sentence('client', id, say),
});

async function countOne(context: Context, id: string): Promise<NewEvent[]> {
  const it = await quoteForUpdate(context, id);
  if (it?.state.status !== 'sent') return [];
  const scopes = it.projectId ? await scopesOf(context, it.projectId) : [];
  const after = settled(it, () => settle(it, scopes, context.now));
  if (after.state.status !== 'accepted') return [counted.of(it, it)];
  const done = await noteAccepted(context, it, { ...after, version: it.version + 1 } as AcceptedQuote);
  return done.events;
}

/** Where a scope is another one by now, it waits for the firm to send it anew. */
function settled(it: Quote, decide: () => Quote): Quote {
  try {
    return decide();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'stale') return it;
    throw error;
  }
}
