import { capital } from '../kernel/field.ts';
import type { Area } from '../kernel/registry.ts';

/** What people are told about, as the areas announce it. */
export interface Topics {
  /** The areas of which somebody may choose how they are told. */
  names: readonly [string, ...string[]];
  /** Event → the events after which nobody is told of it any more. */
  until: ReadonlyMap<string, readonly string[]>;
}

/** @throws Error where nothing is announced: there would be nothing to choose */
export function topicsOf(areas: readonly Area[]): Topics {
  // What must be told at once is no choice.
  const chosen = areas.filter(({ announcements }) => announcements.some(({ tier }) => tier !== 'critical'));
  const [first, ...others] = chosen.map(({ name }) => name);
  if (!first) throw new Error('no area announces anything');
  const ended = areas.flatMap(({ announcements }) => announcements.map(({ on, until }) => [on, until] as const));
  return { names: [first, ...others], until: new Map(ended) };
}

/** How a topic is called. */
export function topicText(topic: string): string {
  return capital(topic);
}
