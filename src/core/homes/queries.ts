import { z } from 'zod';
import { reads } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { Waiting } from '../kernel/waiting.ts';

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

/** What waits for the actor, as the areas say it and as far as they may see it; the areas' order is that of what presses most. */
export async function waitingFor(context: Context, waiting: readonly Waiting[]): Promise<WaitingItem[]> {
  const items: WaitingItem[] = [];
  for (const { thing, read } of waiting) {
    if (items.length >= MOST) break;
    if (thing.module !== null && !reads(context.actor, thing.module)) continue;
    const found = await read(context, MOST - items.length);
    items.push(...found.map(({ id, text, detail }) => ({ text, detail, view: thing.showing(id) })));
  }
  return items;
}
