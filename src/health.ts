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

  web.use((request, response, next) => {
    const id = request.get('x-request-id')?.slice(0, 100) ?? randomUUID();
    response.set('x-request-id', id);
    const started = process.hrtime.bigint();
    response.on('finish', () => {
      const took = Number(process.hrtime.bigint() - started) / 1e9;
      const door = `/${request.path.split('/')[1] ?? ''}`;
      const labels = { door: response.statusCode === 404 ? 'unknown' : door, status: String(response.statusCode) };
      seconds.observe(labels, took);
      answered.inc(labels);
      app.log.debug(
        { id, method: request.method, door, status: response.statusCode, milliseconds: Math.round(took * 1000) },
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
