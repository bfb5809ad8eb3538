import { randomUUID } from 'node:crypto';
import type { Express } from 'express';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { App } from './core/kernel/registry.ts';

/** /healthz: the process lives. /readyz: it can reach its database. /metrics: Prometheus text. */
export function mountHealth(web: Express, app: App): void {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  const seconds = new Histogram({
    name: 'parley_http_seconds',
    help: 'Time to answer a request, in seconds.',
    labelNames: ['door', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 3],
    registers: [metrics],
  });
  const answered = new Counter({
    name: 'parley_http_total',
    help: 'Requests answered.',
    labelNames: ['door', 'status'],
    registers: [metrics],
  });
  const jobs = new Gauge({
    name: 'parley_jobs',
    help: 'Jobs by queue and state.',
    labelNames: ['queue', 'state'],
    registers: [metrics],
  });

  const observe = observerOf(seconds, answered);
  web.use((request, response, next) => {
    const id = request.get('x-request-id')?.slice(0, 100) ?? randomUUID();
    response.setHeader('x-request-id', id);
    const started = performance.now();
    response.on('finish', () => {
      const took = performance.now() - started;
      const door = response.statusCode === 404 ? 'unknown' : `/${request.path.split('/', 2)[1] ?? ''}`;
      observe(door, response.statusCode, took / 1_000);
      if (app.log.isLevelEnabled('debug'))
        app.log.debug(
          { id, method: request.method, door, status: response.statusCode, milliseconds: Math.round(took) },
          'answered',
        );
    });
    next();
  });

  web.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  web.get('/readyz', async (_request, response) => {
    try {
      await app.database.pool.query('select 1');
      response.json({ status: 'ready' });
    } catch {
      response.status(503).json({ status: 'the database cannot be reached' });
    }
  });
  web.get('/metrics', async (_request, response) => {
    for (const [queue, counts] of Object.entries(await app.jobs.counts())) {
      for (const [state, count] of Object.entries(counts)) jobs.set({ queue, state }, count);
    }
    response.type(metrics.contentType).send(await metrics.metrics());
  });
}

/** Counts a request. The label look-ups are kept: finding them anew costs more than counting. */
function observerOf(seconds: Histogram<'door' | 'status'>, answered: Counter<'door' | 'status'>) {
  const known = new Map<string, { observe(took: number): void; inc(): void }>();
  return (door: string, status: number, took: number) => {
    const key = `${status}${door}`;
    let labelled = known.get(key);
    if (!labelled) {
      const labels = { door, status: String(status) };
      const [timer, counter] = [seconds.labels(labels), answered.labels(labels)];
      labelled = { observe: (value) => timer.observe(value), inc: () => counter.inc() };
      known.set(key, labelled);
    }
    labelled.observe(took);
    labelled.inc();
  };
}
