import { pause } from './fleet.ts';

/** What /readyz said, each time it was asked. */
export interface Look {
  /** When it was asked, by performance.now(). */
  at: number;
  took: number;
  /** Null when there was no answer. */
  status: number | null;
  body: string;
}

export interface ReadinessWatch {
  looks: readonly Look[];
  stop(): Promise<void>;
}

/** Asked again after so many milliseconds. */
const EVERY = 250;
/** It must answer within this, and tell of a change within this. */
const WITHIN = 1_000;

/** Asks /readyz again and again, as a load balancer does. */
export function watchReadiness(url: string): ReadinessWatch {
  const looks: Look[] = [];
  let over = false;
  const looking = (async () => {
    while (!over) {
      const at = performance.now();
      const { status, body } = await ask(url);
      looks.push({ at, took: performance.now() - at, status, body });
      await pause(EVERY);
    }
  })();
  return {
    looks,
    stop: () => {
      over = true;
      return looking;
    },
  };
}

async function ask(url: string): Promise<Pick<Look, 'status' | 'body'>> {
  try {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(5_000) });
    return { status: response.status, body: await response.text() };
  } catch (error) {
    return { status: null, body: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * What is wrong with what /readyz said between two moments.
 * @param ready what it must have said; a change is told within a second
 */
export function readinessFaults(looks: readonly Look[], from: number, to: number, ready: boolean): string[] {
  // One that was under way at the end may tell of what came next.
  const during = looks.filter(({ at, took }) => at > from && at + took < to);
  const slow = during.filter(({ took }) => took > WITHIN);
  const wrong = during.filter(({ at, status }) => at > from + WITHIN && (status === 200) !== ready);
  const faults: string[] = [];
  if (!during.length) faults.push('/readyz was not asked');
  if (slow.length)
    faults.push(`/readyz took up to ${Math.round(Math.max(...slow.map(({ took }) => took)))} ms to answer`);
  if (wrong.length)
    faults.push(
      `/readyz said ${wrong[0]?.status} ${wrong[0]?.body.slice(0, 120)} ${wrong.length} of ${during.length} times, while it was ${ready ? '' : 'not '}ready`,
    );
  return faults;
}
