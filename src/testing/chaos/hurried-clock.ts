import { openServer } from '../../core/kernel/db.ts';
import { startJobs } from '../../core/kernel/jobs.ts';
import { PRESSED } from './areas.ts';
import { pause } from './fleet.ts';

/** Milliseconds between two times that the clock asks; that of a worker asks every few minutes. */
const EVERY = 2_000;

/**
 * Works while the clock asks again and again for the schedules of the pressed areas.
 * @param appUrl the database as the hub reaches it
 */
export async function underHurriedClock<T>(appUrl: string, work: () => Promise<T>): Promise<T> {
  const clock = await openClock(appUrl);
  let over = false;
  const asking = (async () => {
    while (!over) {
      // While the database is down nobody can ask.
      await clock.ask().catch(() => undefined);
      await pause(EVERY);
    }
  })();
  try {
    return await work();
  } finally {
    over = true;
    await asking;
    await clock.close();
  }
}

/** Asks for all of them once. */
export async function askClock(appUrl: string): Promise<void> {
  const clock = await openClock(appUrl);
  await clock.ask();
  await clock.close();
}

async function openClock(appUrl: string) {
  const onError = () => undefined;
  const database = openServer(appUrl, { connections: 1, onError });
  const jobs = await startJobs(database, { works: false, onError });
  const schedules = PRESSED.flatMap((area) => area.schedules);
  return {
    ask: () => jobs.ask(schedules.map((schedule) => ({ queue: 'sweep', key: schedule, data: { schedule } }) as const)),
    close: async () => {
      await jobs.stop();
      await database.close();
    },
  };
}
