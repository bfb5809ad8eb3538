import { areas } from '../../src/core/areas.ts';
import type { Who } from '../../src/core/kernel/actor.ts';
import type { Press } from '../../src/core/kernel/card.ts';
import { DomainError } from '../../src/core/kernel/errors.ts';
import type { App } from '../../src/core/kernel/registry.ts';
import { readView, showView } from '../../src/core/kernel/registry.ts';
import type { AnyView } from '../../src/core/kernel/view.ts';
import { namesOf } from '../../src/testing/example-press.ts';
import { examplesOf, givenFor } from '../../src/testing/examples.ts';
import { percentile } from '../numbers.ts';
import { CONNECTIONS } from '../rounds.ts';
import type { Years } from './firm.ts';

/** Everybody who reads differently. */
const READERS = ['admin', 'partner', 'member', 'client admin', 'approver', 'viewer', 'feedback'] as const;

/** One reader's asking for one view. */
export interface Asked {
  view: string;
  /** A list, a home, or the card of one thing. */
  kind: 'list' | 'home' | 'card';
  who: Who;
  press: Press;
}

/** Every view of the registry as each kind of reader asks for it, and of lists the second page as well: none is named here. */
export async function askedOf({ stage, made }: Years): Promise<Asked[]> {
  const asked: Asked[] = [];
  for (const area of areas) {
    const examples = await examplesOf(area);
    for (const view of area.views as AnyView[]) {
      if (view.unlinked) continue;
      const given = givenFor(examples, view, made.get(area.name) ?? {});
      const names = namesOf(view).filter((name) => given[name] !== undefined && !(name in (view.list?.filters ?? {})));
      const input = Object.fromEntries(names.map((name) => [name, String(given[name])]));
      for (const role of READERS) {
        const who = stage.roles[role];
        const press = { target: view.name, input };
        const data = await readable(stage.app, who, press);
        if (!data) continue;
        const kind = view.list ? 'list' : area.name === 'homes' ? 'home' : 'card';
        asked.push({ view: view.name, kind, who, press });
        if (data.next)
          asked.push({ view: view.name, kind, who, press: { ...press, input: { ...input, after: data.next } } });
      }
    }
  }
  return asked;
}

/** Its data, with what leads to the next page of a list; null where it is not for this reader. */
async function readable(app: App, who: Who, press: Press): Promise<{ next?: string | null } | null> {
  try {
    return (await readView(app, who, press)) as { next?: string | null };
  } catch (error) {
    if (error instanceof DomainError && error.code !== 'unavailable') return null;
    throw error;
  }
}

/** Milliseconds of each asking, by the view's name. */
export type Times = ReadonlyMap<string, number[]>;

/** So many at a time ask again and again for so many seconds, each for all of it in an order of its own. */
export async function readTogether(app: App, asked: readonly Asked[], seconds: number): Promise<Times> {
  const times = new Map<string, number[]>(asked.map(({ view }) => [view, []]));
  const until = performance.now() + seconds * 1_000;
  const reader = async (line: number) => {
    // A step that has no divisor in common with the number of askings meets all of them.
    for (let index = line * 31; performance.now() < until; index += 1) {
      const one = asked[(index * stepOf(asked.length)) % asked.length] as Asked;
      const started = performance.now();
      await showView(app, one.who, one.press);
      times.get(one.view)?.push(performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, line) => reader(line)));
  return times;
}

function stepOf(length: number): number {
  const divisor = (one: number, other: number): number => (other ? divisor(other, one % other) : one);
  let step = Math.floor(length * 0.618) || 1;
  while (divisor(step, length) > 1) step += 1;
  return step;
}

/** The slowest of them. */
export function slowest(times: Times): { view: string; p99: number } {
  return [...times]
    .map(([view, all]) => ({ view, p99: percentile(all, 99) }))
    .reduce((worst, one) => (one.p99 > worst.p99 ? one : worst), { view: 'none', p99: 0 });
}
