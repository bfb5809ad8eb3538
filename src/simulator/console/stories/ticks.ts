import { nameOf, stepKey } from './index.ts';
import type { EventTick, Step, Story, Tick } from './story.ts';

/** An event of the hub, as far as a step is ticked by it. */
export interface Happened {
  name: string;
  at: Date;
  actor: { name: string; kind: string; channel: string };
  data: Record<string, unknown>;
  /** What it is about, by its name. */
  subject: string | null;
}

/** What is known of what somebody did. */
export interface Known {
  /** Oldest first. */
  events: readonly Happened[];
  /** What left no event. */
  seen: readonly string[];
  now: Date;
}

const DAY = 86_400_000;

/** The steps that were done, whatever came first: people try things in an order of their own. */
export function tickedSteps(stories: readonly Story[], known: Known): string[] {
  return stories.flatMap((story) =>
    story.steps.filter((step) => isTicked(story, step, known)).map(({ key }) => stepKey(story.key, key)),
  );
}

/** Names of the events that tick a step. */
export function eventsWanted(stories: readonly Story[]): string[] {
  return [...new Set(ticksOf(stories).flatMap((tick) => ('event' in tick ? [tick.event] : [])))];
}

/** What is to be noted because it leaves no event. */
export function seenWanted(stories: readonly Story[]): string[] {
  return [...new Set(ticksOf(stories).flatMap((tick) => ('seen' in tick ? [tick.seen] : [])))];
}

function ticksOf(stories: readonly Story[]): Tick[] {
  return stories.flatMap(({ steps }) => steps.map(({ ticks }) => ticks));
}

function isTicked({ steps }: Story, { ticks }: Step, known: Known): boolean {
  if ('seen' in ticks) return known.seen.includes(ticks.seen);
  if ('event' in ticks) return known.events.some((event) => fits(ticks, event));
  const before = steps.find(({ key }) => key === ticks.since)?.ticks;
  const done = before && 'event' in before ? known.events.find((event) => fits(before, event)) : undefined;
  return done !== undefined && known.now.getTime() - done.at.getTime() >= ticks.passed * DAY;
}

function fits({ event, about, with: values = {}, by, channel }: EventTick, happened: Happened): boolean {
  const { name, subject, data, actor } = happened;
  return (
    name === event &&
    (about === undefined || (subject?.includes(about) ?? false)) &&
    Object.entries(values).every(([key, value]) => data[key] === value) &&
    (by === undefined || (by === 'integration' ? actor.kind === by : actor.name === nameOf(by))) &&
    (channel === undefined || actor.channel === channel)
  );
}
