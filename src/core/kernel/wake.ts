import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Database } from './db.ts';
import { clientTo } from './hosts.ts';

/**
 * Tells the workers of all processes that a queue has work. It is sent after the commit and not within it: a NOTIFY
 * inside makes PostgreSQL's commits wait for each other. One that is lost costs a polling interval, no job.
 */
export interface Notifier {
  notify(queues: Iterable<string>): void;
  /** @returns how to stop listening */
  listen(heard: (queue: string) => void): Promise<() => Promise<void>>;
}

const CHANNEL = 'parley_jobs';
/** Milliseconds between two notifications: a burst of commits makes one. Far below what a person notices. */
const PAUSE = 20;
// Nothing is stored, so nobody waits until it is on the disk.
const NOTIFY = `select set_config('synchronous_commit', 'off', true), pg_notify('${CHANNEL}', q) from unnest($1::text[]) q`;
/** Milliseconds until a broken listening connection is tried again; meanwhile the workers poll. */
const RECONNECT = 1_000;

export function notifierOf(database: Database): Notifier {
  return database.url ? notifierOnServer(database, database.url) : notifierInProcess();
}

/** The embedded database serves one process: the notifier is a list of listeners. */
function notifierInProcess(): Notifier {
  const listeners = new Set<(queue: string) => void>();
  return {
    notify: (queues) => {
      for (const queue of queues) for (const heard of listeners) heard(queue);
    },
    listen: async (heard) => {
      listeners.add(heard);
      return async () => {
        listeners.delete(heard);
      };
    },
  };
}

function notifierOnServer(database: Database, url: string): Notifier {
  const due = new Set<string>();
  let sending = false;
  const send = async () => {
    sending = true;
    while (due.size) {
      const queues = [...due];
      due.clear();
      // One at a time: what commits meanwhile goes with the next.
      await database.pool.query({ name: 'notify', text: NOTIFY, values: [queues] }).catch(() => undefined);
      await sleep(PAUSE);
    }
    sending = false;
  };
  return {
    notify: (queues) => {
      for (const queue of queues) due.add(queue);
      if (!sending) void send();
    },
    listen: (heard) => listenOnServer(url, heard),
  };
}

async function listenOnServer(url: string, heard: (queue: string) => void): Promise<() => Promise<void>> {
  let stopped = false;
  let client: pg.Client | null = null;
  const connect = async (): Promise<void> => {
    const next = clientTo(url, { application_name: 'parley-wake', keepAlive: true });
    client = next;
    let lost = false;
    const again = () => {
      if (lost || stopped) return;
      lost = true;
      next.end().catch(() => undefined);
      setTimeout(() => void connect(), RECONNECT).unref();
    };
    next.on('error', again);
    next.on('end', again);
    next.on('notification', ({ payload }) => heard(payload ?? ''));
    await next
      .connect()
      .then(() => next.query(`listen ${CHANNEL}`))
      .catch(again);
  };
  await connect();
  return async () => {
    stopped = true;
    await client?.end().catch(() => undefined);
  };
}
