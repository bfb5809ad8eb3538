import type { Press } from './card.ts';
import type { Context } from './context.ts';
import type { AnyThing } from './thing-definition.ts';

/**
 * What of a kind of thing is counted for whoever opens their home, as its area says it. Whether the actor may read the thing's
 * module is asked before.
 */
export interface Figures {
  thing: AnyThing;
  /** None where there is nothing to say. */
  read(context: Context): Promise<Figure[]>;
}

/** One number of a home, and what shows what was counted. */
export interface Figure {
  label: string;
  value: string;
  /** Somebody should look: something is late. */
  isLate?: boolean;
  view?: Press;
}

/** Of what lists say how it stands. */
export type Standpoint = 'client' | 'project' | 'person';

/**
 * How each of several clients, projects or people stands in what an area knows: "3 open tickets, 1 urgent". One statement for all of
 * them. Whether the actor may read the thing's module is asked before.
 */
export interface Standing {
  of: Standpoint;
  thing: AnyThing;
  /** @returns a few words by id; nothing for an id of which there is nothing to say */
  read(context: Context, ids: readonly string[]): Promise<Stands[]>;
}

/** How one of them stands. */
export interface Stands {
  id: string;
  text: string;
  isLate?: boolean;
}

/**
 * Nobody needs to know how many more there are than this, and nothing counts beyond it: for somebody who works for a few of many
 * clients, finding each one passes the others'.
 */
export const MOST_COUNTED = 100;

/** Of so many it is told apart how they stand. */
export const MOST_WEIGHED = 1000;

/** "12", "100+". */
export function countText(count: number): string {
  return count >= MOST_COUNTED ? `${MOST_COUNTED}+` : String(count);
}

/** "1 open ticket", "12 open tickets", "100+ open tickets". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
