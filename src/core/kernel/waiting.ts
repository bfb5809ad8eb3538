import type { Context } from './context.ts';
import type { AnyThing } from './thing-definition.ts';

/**
 * What of a kind of thing waits for somebody, as its area says it. Homes list it all together, and know no area for that. Whether
 * the actor may read the thing's module is asked before.
 */
export interface Waiting {
  thing: AnyThing;
  /** The most pressing first, at most so many. */
  read(context: Context, limit: number): Promise<WaitingThing[]>;
}

/** One thing that waits. */
export interface WaitingThing {
  id: string;
  /** What it is called, and why it waits. */
  text: string;
  detail: string;
}
