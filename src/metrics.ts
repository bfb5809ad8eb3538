import { randomUUID } from 'node:crypto';
import type { Express, RequestHandler } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { App } from './core/kernel/registry.ts';
import { routeOf } from './core/kernel/route.ts';

/** Milliseconds for which an answer of /metrics waits for the database: below every scraper's patience. */
const DATABASE_PATIENCE = 1_000;

/** What a process counts of itself. */
export interface Metrics {
  /** Counts every request. Stands before all routes. */
  observe: RequestHandler;
  /** Mounts GET /metrics (Prometheus text). Not for the address that people and platforms reach. */
  mount(web: Express): void;
}

/** The labels of a request are its route's name and the status: as many as there are routes, whatever is asked. */
export function metricsOf(app: App): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'parley_http_seconds',
    help: 'Time to answer a request, in seconds.',
    labelNames: ['route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 3],
    registers: [registry],
  });
  const answered = new Counter({
    name: 'parley_http_total',
    help: 'Requests answered.',
    labelNames: ['route', 'status'],
    registers: [registry],
  });
  const countJobs = jobsCounter(app, registry);
  return {
    observe: observing(app, observerOf(seconds, answered)),
    mount: (web) => {
      web.get('/metrics', async (_request, response) => {
        await countJobs();
        response.type(registry.contentType).send(await registry.metrics());
      });
    },
  };
}

function observing(app: App, observe: (route: string, status: number, took: number) => void): RequestHandler {
  return (request, response, next) => {
    const id = request.get('x-request-id')?.slice(0, 100) ?? randomUUID();
    response.setHeader('x-request-id', id);
    const started = performance.now();
    response.on('finish', () => {
      const took = performance.now() - started;
      const route = routeOf(response);
      observe(route, response.statusCode, took / 1_000);
      if (app.log.isLevelEnabled('debug'))
        app.log.debug(
          { id, method: request.method, route, status: response.statusCode, milliseconds: Math.round(took) },
          'answered',
        );
    });
    next();
  };
}

/** Counts a request. The label look-ups are kept: finding them anew costs more than counting. */
function observerOf(seconds: Histogram<'route' | 'status'>, answered: Counter<'route' | 'status'>) {
  const known = new Map<string, { observe(took: number): void; inc(): void }>();
  return (route: string, status: number, took: number) => {
    const key = `${status}${route}`;
    let labelled = known.get(key);
    if (!labelled) {
      const labels = { route, status: String(status) };
      const [timer, counter] = [seconds.labels(labels), answered.labels(labels)];
      labelled = { observe: (value) => timer.observe(value), inc: () => counter.inc() };
      known.set(key, labelled);
    }
    labelled.observe(took);
    labelled.inc();
  };
}

/** Asks the queue for its counts. A database that does not answer is itself a figure, and hides no other. */
function jobsCounter(app: App, registry: Registry): () => Promise<void> {
  const up = new Gauge({
    name: 'parley_database_up',
    help: '1 when the database answered in time, else 0; then there are no figures of jobs.',
    registers: [registry],
  });
  const jobs = new Gauge({
    name: 'parley_jobs',
    help: 'Jobs by queue and state.',
    labelNames: ['queue', 'state'],
    registers: [registry],
  });
  return async () => {
    const counted = await within(DATABASE_PATIENCE, app.jobs.counts());
    jobs.reset();
    up.set(counted ? 1 : 0);
    for (const [queue, counts] of Object.entries(counted ?? {})) {
      for (const [state, count] of Object.entries(counts)) jobs.set({ queue, state }, count);
    }
  };
}

/** Null when it fails or takes longer. */
async function within<T>(milliseconds: number, asked: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds);
  });
  try {
    return await Promise.race([asked.catch(() => null), late]);
  } finally {
    clearTimeout(timer);
  }
}
