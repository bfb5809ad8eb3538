import type { Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ErrorRequestHandler, Express } from 'express';
import express from 'express';
import cron from 'node-cron';
import type { Logger } from 'pino';
import { webhookSource } from '../webhooks/inbox.ts';
import { mountWebhooks } from '../webhooks/receiver.ts';
import { mountApi } from './api/index.ts';
import type { AnnounceJob, DeliverJob, RefreshJob } from './bots/announce.ts';
import { announcementConsumer } from './bots/announce.ts';
import type { Channel } from './bots/channel.ts';
import { announce, deliver, delivering, refresh } from './bots/deliver.ts';
import { openFileReader } from './bots/email/attachments.ts';
import { inboundFor } from './bots/inbound.ts';
import { CARD_LIVES } from './bots/rooms.ts';
import type { Config } from './config.ts';
import { describeConfig } from './config.ts';
import { areas } from './core/areas.ts';
import type { Clock } from './core/kernel/clock.ts';
import { systemClock } from './core/kernel/clock.ts';
import type { Database } from './core/kernel/db.ts';
import { fanOut, react, reactionConsumer } from './core/kernel/delivery.ts';
import { egressOf } from './core/kernel/egress.ts';
import { growthSweep, livesOf } from './core/kernel/growth.ts';
import type { InboxJob, InboxSource } from './core/kernel/inbox.ts';
import { workInbox } from './core/kernel/inbox.ts';
import type { Jobs, JobsOptions } from './core/kernel/jobs.ts';
import { startJobs } from './core/kernel/jobs.ts';
import { assertProtection } from './core/kernel/protection.ts';
import type { App } from './core/kernel/registry.ts';
import { buildRegistry } from './core/kernel/registry.ts';
import { secretsFrom } from './core/kernel/secrets.ts';
import type { SweepJob } from './core/kernel/sweep.ts';
import { runSweep, sweepOf } from './core/kernel/sweep.ts';
import type { Door } from './door.ts';
import { countWaiting, isHurried, openDoor } from './door.ts';
import { faultOfListening } from './faults.ts';
import { mountHealth } from './health.ts';
import { endpointConsumer } from './integrations/endpoints/consumer.ts';
import type { Sending } from './integrations/endpoints/deliver.ts';
import { sendDue, sendingWebhooks } from './integrations/endpoints/deliver.ts';
import type { EndpointJob } from './integrations/endpoints/job.ts';
import { endpointSweep } from './integrations/endpoints/sweep.ts';
import type { PushJob } from './integrations/runner.ts';
import { push, pushConsumer, reconcileSweep } from './integrations/runner.ts';
import { leave, upkeepSweep } from './integrations/upkeep.ts';
import type { Metrics } from './metrics.ts';
import { metricsOf } from './metrics.ts';
import { openDatabase, placeOfDatabase, waitForDatabase } from './open-database.ts';
import { openFiles } from './open-files.ts';
import type { Tools } from './open-tools.ts';
import { openTools } from './open-tools.ts';
import { platformsOf } from './platforms.ts';
import type { SignInJob } from './portal/ask.ts';
import { sendLinks } from './portal/ask.ts';
import { offerFounding } from './portal/founding.ts';
import { mountPortal } from './portal/index.ts';
import { limitRequests } from './request-time.ts';

export interface HubOptions {
  /** Answers people and other machines. */
  web: boolean;
  /** Delivers what happened, works what came in, looks at the clock. */
  worker: boolean;
  clock?: Clock;
  log: Logger;
}

/** A running hub. */
export interface Hub {
  app: App;
  /** Where it answers; null for a worker alone. */
  url: string | null;
  /** Where the first firm and its administrator are made, once; null where there is a firm, and for a worker alone. */
  foundingUrl: string | null;
  /** Where it answers /metrics; null when METRICS_PORT is not set. */
  metricsUrl: string | null;
  channels: ReadonlyMap<string, Channel>;
  /**
   * Says on /readyz that it stops, stops taking new work, finishes or hands back what is running, closes everything.
   * @param options notice: milliseconds in which it still answers, until those who share requests out have noticed
   */
  stop(options?: { notice: number }): Promise<void>;
}

/** Milliseconds between two looks whether a firm has connected the first account of a tool. */
const LOOKING = 10_000;

/** Puts the parts together and starts them: the one place that knows them all. */
export async function startHub(config: Config, options: HubOptions): Promise<Hub> {
  const { log } = options;
  const { database, jobs } = await openPatiently(config, options);
  let opened: Tools | null = null;
  const app: App = {
    database,
    jobs,
    log,
    clock: options.clock ?? systemClock,
    secrets: secretsFrom(config.secrets),
    publicUrl: config.publicUrl,
    registry: buildRegistry(areas),
    files: openFiles(config),
    platforms: platformsOf(
      config,
      () => app,
      (tool) => opened?.channels.has(tool) ?? false,
      async (connection) => {
        if (opened) await leave(app, opened.connectors, connection);
      },
    ),
  };

  const tools = await openTools(config, { app, inbound: inboundFor(app), publicUrl: config.publicUrl });
  opened = tools;
  log.info({ ...describeConfig(config), database: placeOfDatabase(config) }, 'channels, connectors and database');
  if (!config.email)
    log.warn(
      'mail is off: nobody can be sent a code to link their account. Give people codes with: npm run parley -- link-code <mail address>',
    );

  const sending = sendingWebhooks(app, egressOf(config.privateHosts));
  const stops: (() => Promise<void>)[] = [];
  const door = openDoor();
  const metrics = metricsOf(app);
  let address: string | null = null;
  if (options.web) {
    const served = await serve(config, app, door, metrics, tools);
    address = served.url;
    stops.push(served.stop);
  }
  if (!options.web && config.workerPort !== null)
    stops.push((await listen(healthOnly(app, door, metrics), config.host, config.workerPort, 'WORKER_PORT')).stop);
  let metricsUrl: string | null = null;
  if (config.metrics) {
    const served = await serveMetrics(metrics, config.metrics);
    metricsUrl = served.url;
    stops.push(served.stop);
  }
  if (options.worker) stops.push(await work(app, door, tools, sending));
  const looking = setInterval(
    () => tools.look().catch((error: unknown) => log.warn({ err: error }, 'the connections could not be looked at')),
    LOOKING,
  );
  return {
    app,
    url: address,
    foundingUrl: options.web ? await offered(app) : null,
    metricsUrl,
    channels: tools.channels,
    stop: async ({ notice } = { notice: 0 }) => {
      door.stopping = true;
      clearInterval(looking);
      if (options.web && notice) await sleep(notice);
      for (const stop of stops) await stop();
      await tools.close();
      await jobs.stop();
      await sending.close();
      await database.close();
    },
  };
}

/** The database may be lost at this moment: whoever wants to make a firm starts the hub once more. */
function offered(app: App): Promise<string | null> {
  return offerFounding(app).catch((error: unknown) => {
    app.log.warn({ err: error }, 'no first firm could be offered');
    return null;
  });
}

/** Opens the database and the queue. */
async function openPatiently(config: Config, { log, worker }: HubOptions): Promise<{ database: Database; jobs: Jobs }> {
  const onError = (error: Error) => log.error({ err: error }, 'the database connection had a fault');
  const onFailure: JobsOptions['onFailure'] = (failure) => log.warn(failure, 'a job failed and will be tried again');
  return waitForDatabase(config, log, async () => {
    const database = await openDatabase(config, {
      connections: config.database.connections,
      log: (line) => log.info(line),
      onError,
    });
    try {
      await assertProtection(database);
      return { database, jobs: await startJobs(database, { works: worker, onError, onFailure }) };
    } catch (error) {
      await database.close();
      throw error;
    }
  });
}

async function serve(config: Config, app: App, door: Door, metrics: Metrics, { all, connectors }: Tools) {
  const web = healthOnly(app, door, metrics);
  web.set('trust proxy', config.trustProxy);
  web.use(countWaiting(door));
  mountWebhooks(web, app, connectors);
  for (const channel of all.values()) channel.mount(web);
  for (const connector of connectors.values()) await connector.mount(web);
  mountApi(web, app, config.publicUrl, config.apiPerMinute);
  mountPortal(web, app, config.publicUrl, openFileReader());
  web.use(refuseUnreadable(app));
  return listen(web, config.host, config.port, 'PORT');
}

function healthOnly(app: App, door: Door, metrics: Metrics): Express {
  const web = express();
  web.disable('x-powered-by');
  web.use(metrics.observe);
  mountHealth(web, app, door);
  return web;
}

/** Express's own last handler writes the fault to stderr with the path in it; no path may stand in a log. */
function refuseUnreadable(app: App): ErrorRequestHandler {
  return (error: { status?: number }, _request, response, next) => {
    if (response.headersSent) return next(error);
    const status = error.status && error.status >= 400 && error.status < 500 ? error.status : 500;
    if (status === 500) app.log.error({ err: error }, 'a request could not be answered');
    response.status(status).json({ status: status === 500 ? 'failed' : 'not readable' });
  };
}

async function serveMetrics(metrics: Metrics, { host, port }: NonNullable<Config['metrics']>) {
  const web = express();
  web.disable('x-powered-by');
  metrics.mount(web);
  return listen(web, host, port, 'METRICS_PORT');
}

async function listen(web: Express, host: string, wanted: number, setting: string) {
  const server = await new Promise<Server>((resolve, reject) => {
    const listening = web.listen(wanted, host, (error?: Error) =>
      error ? reject(faultOfListening(error, host, wanted, setting) ?? error) : resolve(listening),
    );
  });
  limitRequests(server);
  const silent = new Set<Socket>();
  server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.on('request', ({ socket }) => silent.delete(socket));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      // One that becomes idle later holds nothing up either; one that never asked anything is not counted as idle.
      const idle = setInterval(() => {
        server.closeIdleConnections();
        for (const socket of silent) socket.destroy();
      }, 50);
      // Requests under way get as long as a platform waits for an answer.
      const impatient = setTimeout(() => server.closeAllConnections(), 5_000);
      await closed;
      clearInterval(idle);
      clearTimeout(impatient);
    },
  };
}

async function work(
  app: App,
  door: Door,
  { all, channels, connectors, look }: Tools,
  sending: Sending,
): Promise<() => Promise<void>> {
  const consumers = [
    reactionConsumer(app),
    announcementConsumer(app, channels),
    pushConsumer(connectors),
    endpointConsumer(app),
  ];
  const sources = new Map<string, InboxSource>();
  for (const channel of all.values())
    sources.set(channel.name, { name: channel.name, work: (item) => channel.work(item) });
  for (const connector of connectors.values()) sources.set(connector.name, webhookSource(app, connector));

  // A firm may have connected its first account of a tool a moment ago, in another process: what it does next is told there.
  await app.jobs.work<{ tenantId: string; eventId: string }>('event', { together: 16 }, async ({ data }) => {
    await look();
    await fanOut(app, consumers, data);
  });
  await app.jobs.work<Parameters<typeof react>[1]>('react', { together: 8 }, ({ data }) => react(app, data));
  const hurried = () => isHurried(door);
  const tools = delivering(app, channels, hurried);
  // A firm with much to deliver leaves half of the slots to the others. The rooms that are taken together share their
  // transactions; while people wait for an answer of this process they are few, so that nobody waits long for one of them.
  await app.jobs.work<DeliverJob>(
    'deliver',
    { together: () => (hurried() ? 16 : 256), ofGroup: 128, gather: 80 },
    async ({ data, signal }) => {
      await look();
      await deliver(tools, data, signal);
    },
  );
  await app.jobs.work<AnnounceJob>('announce', { together: 4 }, ({ data }) => announce(app, channels, data));
  await app.jobs.work<RefreshJob>('refresh', { together: 4 }, ({ data }) => refresh(app, channels, data));
  await app.jobs.work<PushJob>('push', { together: 8 }, ({ data }) => push(app, connectors, data));
  // Most of it is waiting for others. One firm's slow receivers leave slots to the others'.
  await app.jobs.work<EndpointJob>(
    'webhook',
    { together: () => (hurried() ? 8 : 64), ofGroup: 16 },
    ({ data, signal }) => sendDue(sending, data, signal),
  );
  await app.jobs.work<InboxJob>('inbox', { together: 16 }, ({ data, attempt }) =>
    workInbox(app, sources, data, attempt),
  );
  await app.jobs.work<SignInJob>('sign-in', { together: 4 }, ({ id, data }) => sendLinks(app, data, id));
  const sweeps = [
    ...app.registry.areas.flatMap((area) => area.schedules).map((schedule) => sweepOf(app, schedule)),
    reconcileSweep(app, connectors),
    upkeepSweep(app, connectors),
    endpointSweep(app),
    growthSweep(app, livesOf(app, CARD_LIVES)),
  ];
  await app.jobs.work<SweepJob>('sweep', { together: 4 }, ({ data, signal }) =>
    runSweep(app.jobs, sweeps, data, signal),
  );

  // Cron only asks; the job runs once, however many workers ask for it.
  const ask = (name: string) =>
    app.jobs.ask([{ queue: 'sweep', key: name, data: { schedule: name } satisfies SweepJob }]);
  const tasks = sweeps.map(({ name, cron: when }) => cron.schedule(when, () => ask(name), { timezone: 'Etc/UTC' }));
  const stops = await Promise.all([...all.values()].map((channel) => channel.listen()));
  return async () => {
    for (const task of tasks) await task.stop();
    for (const stop of stops) await stop();
  };
}
