import { announcementConsumer } from '../bots/announce.ts';
import type { Channels } from '../bots/channel.ts';
import type { Who } from '../core/kernel/actor.ts';
import { fanOut, react, reactionConsumer } from '../core/kernel/delivery.ts';
import type { Egress } from '../core/kernel/egress.ts';
import { addressFault, egressOf } from '../core/kernel/egress.ts';
import type { Job } from '../core/kernel/jobs.ts';
import { runCommand } from '../core/kernel/registry.ts';
import { runSweep } from '../core/kernel/sweep.ts';
import { endpointConsumer } from '../integrations/endpoints/consumer.ts';
import type { Sending } from '../integrations/endpoints/deliver.ts';
import { sendDue, sendingWebhooks } from '../integrations/endpoints/deliver.ts';
import type { EndpointJob } from '../integrations/endpoints/job.ts';
import { endpointSweep } from '../integrations/endpoints/sweep.ts';
import type { TestApp } from './app.ts';
import { testApp } from './app.ts';
import type { OwnerQuery } from './database.ts';
import { asOwner } from './database.ts';

/** A firm's hub that sends webhooks to this machine, and does so when it is told to. */
export interface EndpointStage {
  app: TestApp;
  owner: OwnerQuery;
  sending: Sending;
  run(who: Who, name: string, input: Readonly<Record<string, unknown>>): Promise<Record<string, string>>;
  /** Adds an endpoint on its page; its id, and the secret that is shown there once. */
  add(who: Who, url: string, areas?: string): Promise<{ id: string; secret: string }>;
  /** Hands on what happened and sends what is due now; what is for later stays. */
  work(): Promise<void>;
  /** Hands on what happened, and sends nothing. */
  handOn(): Promise<void>;
  /** Goes on in time, and looks then as the clock does each minute. */
  later(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

const NEVER = new AbortController().signal;

/** @param channels where cards are posted; without any, none are */
export async function endpointStage(
  egress: Egress = egressOf(['127.0.0.1']),
  channels: Channels = new Map(),
): Promise<EndpointStage> {
  const app = await testApp();
  app.platforms = { ...app.platforms, addressFault: (url) => addressFault(egress, url) };
  const sending = sendingWebhooks(app, egress);
  const consumers = [reactionConsumer(app), announcementConsumer(app, channels), endpointConsumer(app)];
  const sweep = endpointSweep(app);
  const workJob = async ({ queue, data, delay }: Job) => {
    if (queue === 'event') await fanOut(app, consumers, data as { tenantId: string; eventId: string });
    if (queue === 'react') await react(app, data as Parameters<typeof react>[1]);
    if (queue === 'webhook' && !delay) await sendDue(sending, data as EndpointJob, NEVER);
    if (queue === 'sweep') await runSweep(app.jobs, [sweep], data as Parameters<typeof runSweep>[2], NEVER);
  };
  const work = async () => {
    for (let job = app.asked.shift(); job; job = app.asked.shift()) await workJob(job);
  };
  const fanOutAll = async () => {
    for (const { queue, data } of app.asked.splice(0))
      if (queue === 'event') await fanOut(app, [endpointConsumer(app)], data as { tenantId: string; eventId: string });
  };
  const runOn = async (who: Who, name: string, input: Readonly<Record<string, unknown>>) =>
    runCommand(app, who, { name, input, requestId: crypto.randomUUID() });
  return {
    ...{ app, owner: asOwner(app.database), sending, work, handOn: fanOutAll },
    run: async (who, name, input) => (await runOn(who, name, input)).output as Record<string, string>,
    add: async (who, url, areas = '') => {
      const { output, shown } = await runOn({ ...who, channel: 'portal' } as Who, 'endpoint.add', {
        name: 'CRM',
        url,
        areas,
      });
      return { id: String((output as { id: string }).id), secret: shown?.text ?? '' };
    },
    later: async (milliseconds) => {
      app.clock.jump(milliseconds);
      await runSweep(app.jobs, [sweep], { schedule: sweep.name }, NEVER);
      await work();
    },
    stop: async () => {
      await sending.close();
      await app.close();
    },
  };
}
