import { ask } from '../../core/kernel/db.ts';
import type { App } from '../../core/kernel/registry.ts';
import type { Sweep } from '../../core/kernel/sweep.ts';
import type { EndpointJob } from './job.ts';
import { endpointJob } from './job.ts';

/** Endpoints of one part: each is a job that is stored, and nothing more. */
const OF_A_PART = 200;

/** Each minute, the endpoints that have something due: what is tried again later, and what a lost job left behind. */
export function endpointSweep(app: App): Sweep {
  return {
    name: 'endpoints',
    cron: '* * * * *',
    parts: async () => {
      const due = await ask<EndpointJob & Record<string, unknown>>(app.database, {
        text: 'select tenant_id as "tenantId", id as "endpointId" from parley_due_endpoints($1)',
        values: [app.clock.now()],
      });
      return Array.from({ length: Math.ceil(due.length / OF_A_PART) }, (_, part) =>
        due.slice(part * OF_A_PART, (part + 1) * OF_A_PART),
      );
    },
    work: async (part) => app.jobs.ask((part as EndpointJob[]).map((one) => endpointJob(one))),
  };
}
