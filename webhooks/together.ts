import { DomainError } from '../src/core/kernel/errors.ts';
import type { Delivery, Stored } from '../src/core/kernel/inbox.ts';
import { storeDeliveries } from '../src/core/kernel/inbox.ts';
import type { App } from '../src/core/kernel/registry.ts';

/**
 * Transactions of one account under way at a time. With one, the database waits while its answers go out; with many, a
 * burst shares fewer commits.
 */
const UNDER_WAY = 2;
/** What one transaction holds at most, so that a burst of large bodies does not make a giant one. */
const MOST = { deliveries: 50, bytes: 8 * 1024 * 1024 };

interface Waiting {
  delivery: Delivery;
  resolve(stored: Stored | null): void;
  reject(error: unknown): void;
}

/**
 * Stores the deliveries of one account. What arrives while transactions are under way goes together into the next one,
 * so that a burst costs few commits; one that comes alone waits only until the sockets have been read. Each answer comes
 * after its commit.
 * @returns null when no firm connected the account
 */
export function storingTogether(
  app: App,
  of: { tool: string; account: string },
): (delivery: Delivery) => Promise<Stored | null> {
  const waiting: Waiting[] = [];
  let underWay = 0;
  let looking = false;

  async function store(some: Waiting[]): Promise<void> {
    underWay += 1;
    await storeAll(app, of, some);
    underWay -= 1;
    look();
  }

  /** Not at once: what was sent at the same time is read before that, and belongs together. */
  function look(): void {
    if (looking) return;
    looking = true;
    setImmediate(() => {
      looking = false;
      while (underWay < UNDER_WAY && waiting.length) void store(takeSome(waiting));
    });
  }

  return (delivery) =>
    new Promise((resolve, reject) => {
      waiting.push({ delivery, resolve, reject });
      look();
    });
}

function takeSome(waiting: Waiting[]): Waiting[] {
  let bytes = 0;
  const end = waiting.findIndex(({ delivery }, index) => {
    bytes += delivery.body.length;
    return index > 0 && (index >= MOST.deliveries || bytes > MOST.bytes);
  });
  // In one order everywhere: two transactions with the same ids then wait for each other instead of deadlocking.
  return waiting
    .splice(0, end < 0 ? waiting.length : end)
    .sort((a, b) => (a.delivery.deliveryId < b.delivery.deliveryId ? -1 : 1));
}

/** Settles every delivery. What the database refuses is tried alone, so that it does not take its neighbours along. */
async function storeAll(app: App, of: { tool: string; account: string }, some: Waiting[]): Promise<void> {
  try {
    const stored = await storeDeliveries(
      app,
      of,
      some.map(({ delivery }) => delivery),
    );
    some.forEach(({ resolve }, index) => {
      resolve(stored?.[index] ?? null);
    });
  } catch (error) {
    const unavailable = error instanceof DomainError;
    if (some.length > 1 && !unavailable) for (const one of some) await storeAll(app, of, [one]);
    else for (const { reject } of some) reject(error);
  }
}
