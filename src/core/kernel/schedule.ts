import type { Context } from './context.ts';
import type { Schedule } from './registry.ts';

/** A command that is due, under the request id that names its occasion: it is done once, by however many workers it is asked for. */
export type Due = Awaited<ReturnType<Schedule['due']>>[number];

/** Things that say of themselves what they need now, and when to look at them again. */
interface Looking<T> extends Pick<Schedule, 'name' | 'candidates'> {
  read(context: Context, id: string): Promise<T | null>;
  /** The commands that it needs now. Pure. */
  requests(it: T, now: Date): Due[];
  /**
   * Notes when to look again at those that need nothing now: what they wait for was moved, like by another time zone of their
   * client.
   */
  lookLater(context: Context, all: readonly T[]): Promise<void>;
}

/** Looks at them every five minutes: often enough that nobody waits for it. */
export function lookingAt<T>({ name, candidates, read, requests, lookLater }: Looking<T>): Schedule {
  return {
    name,
    candidates,
    cron: '*/5 * * * *',
    due: async (context, ids) => {
      const all = (await Promise.all(ids.map((id) => read(context, id)))).flatMap((it) => it ?? []);
      const wanted = all.map((it) => ({ it, due: requests(it, context.now) }));
      const early = wanted.filter(({ due }) => !due.length).map(({ it }) => it);
      if (early.length) await lookLater(context, early);
      return wanted.flatMap(({ due }) => due);
    },
  };
}
