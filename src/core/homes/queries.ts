import { z } from 'zod';
import { waitingCycles } from '../cycles/index.ts';
import { reads } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import { waitingTickets } from '../tickets/index.ts';

/** A word that people may write. */
export const Said = z.strictObject({ say: z.string(), about: z.string().describe('What it is for') });
export type Said = z.infer<typeof Said>;

/** One thing that waits for somebody. */
export const WaitingItem = z.strictObject({
  text: z.string(),
  detail: z.string(),
  view: z
    .strictObject({ target: z.string(), input: z.record(z.string(), z.string()) })
    .describe('The view that shows it'),
});
export type WaitingItem = z.infer<typeof WaitingItem>;

/** How many things a home lists: more than fit on a screen help nobody; the rest is behind the lists themselves. */
const MOST = 12;

/** What waits for the actor's side, as far as they may see it: disputes and reviews first, then approvals, then tickets. */
export async function waitingFor(context: Context): Promise<WaitingItem[]> {
  const { actor } = context;
  const cycles = reads(actor, 'projects') ? await waitingCycles(context, MOST) : [];
  const tickets = reads(actor, 'tickets') ? await waitingTickets(context, MOST) : [];
  return [
    ...cycles.map(({ id, name, projectName, status }) => ({
      text: name,
      detail: `${projectName} · ${waitingWord(status)}`,
      view: { target: 'cycle.show', input: { cycle: id } },
    })),
    ...tickets.map(({ id, number, title, projectName, status }) => ({
      text: `#${number} ${title}`,
      detail: `${projectName} · ${status === 'new' ? 'to triage' : 'waits for your answer'}`,
      view: { target: 'ticket.show', input: { ticket: id } },
    })),
  ].slice(0, MOST);
}

function waitingWord(status: string): string {
  switch (status) {
    case 'disputed':
      return 'disputed, needs an answer';
    case 'in_review':
      return 'in review';
    default:
      return 'needs your approval';
  }
}
