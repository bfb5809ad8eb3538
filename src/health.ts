import type { Express } from 'express';
import type { App } from './core/kernel/registry.ts';
import { routeNamed } from './core/kernel/route.ts';

/** /healthz: the process lives. /readyz: it can reach its database. */
export function mountHealth(web: Express, app: App): void {
  web.get('/healthz', routeNamed('health'), (_request, response) => {
    response.json({ status: 'ok' });
  });
  web.get('/readyz', routeNamed('ready'), async (_request, response) => {
    try {
      await app.database.pool.query('select 1');
      response.json({ status: 'ready' });
    } catch {
      response.status(503).json({ status: 'the database cannot be reached' });
    }
  });
}
