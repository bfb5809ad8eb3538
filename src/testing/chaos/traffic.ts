import type { Act, World } from './acts.ts';
import { makeAct, markOf } from './acts.ts';
import { STORIES } from './areas.ts';
import type { Chance } from './random.ts';
import { actsOf } from './stories.ts';

/** What somebody does next: a single act, or (once in so many times) a story. They are sent one after the other. */
const STORY = 0.15;

export function someActs(world: World, chance: Chance, number: number): Act[] {
  return chance.happens(STORY) ? storyActs(world, chance, number) : [makeAct(world, chance, number)];
}

/** Each story in its turn, by its number. */
export function storyActs(world: World, chance: Chance, number: number): Act[] {
  const story = STORIES[number % STORIES.length];
  if (!story) throw new Error('there are no stories');
  return actsOf(world, story, markOf(chance, number), number);
}
