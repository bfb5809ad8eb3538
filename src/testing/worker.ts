import type { AnnounceJob, Channels, RefreshJob } from '../bots/deliver.ts';
import { announce, announcementConsumer, refresh } from '../bots/deliver.ts';
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
      case 'announce':
        await announce(app, channels, job.data as AnnounceJob);
        break;
      case 'refresh':
        await refresh(app, channels, job.data as RefreshJob);
        break;
      default:
        throw new Error(`there is no worker for ${job.queue} here`);
    }
  }
}
