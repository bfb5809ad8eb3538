/** The worker's process: works the event queue as the hub does and remembers when each job started. */
import { fanOut } from '../../src/core/kernel/delivery.ts';
import { benchApp } from './app.ts';

/** What the worker is asked: the starts since it was asked last. */
export type WorkerAnswer = { id: string /** Nanoseconds on the machine's clock, as text. */; at: string }[];

const app = await benchApp(process.env.DATABASE_APP_URL ?? '', true);
let started: WorkerAnswer = [];
await app.jobs.work<{ tenantId: string; eventId: string }>('event', { together: 16 }, async ({ data }) => {
  started.push({ id: data.eventId, at: String(process.hrtime.bigint()) });
  // Jobs of the backlog stand for no event: there is nothing to do but to count them.
  if (data.tenantId) await fanOut(app, [], data);
});
process.on('message', () => {
  process.send?.(started);
  started = [];
});
process.send?.('ready');
