import type { DeliverJob } from '../bots/announce.ts';
import { announcementConsumer } from '../bots/announce.ts';
import type { Channels } from '../bots/channel.ts';
import { deliver, delivering } from '../bots/deliver.ts';
import { fanOut, react, reactionConsumer } from '../core/kernel/delivery.ts';
import type { TestApp } from './app.ts';

/** Runs every noted job, and those that they ask for, one after the other: a worker without its queue. */
export async function runJobs(app: TestApp, channels: Channels): Promise<void> {
  const consumers = [reactionConsumer(app), announcementConsumer(app, channels)];
  for (let job = app.asked.shift(); job; job = app.asked.shift()) {
    switch (job.queue) {
      case 'event':
        await fanOut(app, consumers, job.data as { tenantId: string; eventId: string });
        break;
      case 'react':
        await react(app, job.data as Parameters<typeof react>[1]);
        break;
      case 'deliver':
        // What is for later may be delivered now: here is nobody who waits.
        await deliver(delivering(app, channels), job.data as DeliverJob);
        break;
      default:
        throw new Error(`there is no worker for ${job.queue} here`);
    }
  }
}
