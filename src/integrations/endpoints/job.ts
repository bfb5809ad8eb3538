import type { Job } from '../../core/kernel/jobs.ts';

export interface EndpointJob {
  tenantId: string;
  endpointId: string;
}

/** A worker is to see what an endpoint is to be sent. At most one such job waits per endpoint; each firm has slots of its own. */
export function endpointJob({ tenantId, endpointId }: EndpointJob, delay?: number): Job {
  return {
    queue: 'webhook',
    // One for later leaves the place free for one that is due now.
    key: delay ? `${endpointId}:later` : endpointId,
    group: tenantId,
    data: { tenantId, endpointId } satisfies EndpointJob,
    ...(delay ? { delay } : {}),
  };
}
