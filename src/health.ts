import type { Express } from 'express';
import { readinessOf } from './core/kernel/readiness.ts';
import type { App } from './core/kernel/registry.ts';
import { routeNamed } from './core/kernel/route.ts';
import type { Door } from './door.ts';

/** /healthz: the process lives. /readyz: it can do its work: the database can be written, and it is not being stopped. */
export function mountHealth(web: Express, app: App, door: Door): void {
  const ask = readinessOf(app.database);
  web.use((_request, response, next) => {
    // Whoever keeps a connection for its next request should make that one elsewhere.
    if (door.stopping) response.set('Connection', 'close');
    next();
  });
  web.get('/healthz', routeNamed('health'), (_request, response) => {
    response.json({ status: 'ok' });
  });
  web.get('/readyz', routeNamed('ready'), async (_request, response) => {
    if (door.stopping) return response.status(503).json({ status: 'stopping' });
    const { ready, status, warnings } = await ask();
    if (warnings.length) app.log.error({ warnings }, 'ready, but not as it should be');
    return response.status(ready ? 200 : 503).json({ status, ...(warnings.length ? { warnings } : {}) });
  });
}
