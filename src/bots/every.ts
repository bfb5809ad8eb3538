import { setTimeout as pause } from 'node:timers/promises';
import type { App } from '../core/kernel/registry.ts';

/** Does something again and again, each time after the one before; returns how to stop. */
export function every(
  milliseconds: number,
  look: () => Promise<void>,
  { app }: { app: App },
  end: () => Promise<void> = async () => undefined,
): () => Promise<void> {
  const stopping = new AbortController();
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await look().catch((error: unknown) => app.log.warn({ err: error }, 'the connections could not be looked at'));
      await pause(milliseconds, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    stopping.abort();
    await running;
    await end();
  };
}
