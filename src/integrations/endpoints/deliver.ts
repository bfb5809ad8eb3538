import type { Context } from '../../core/kernel/context.ts';
import { withActor } from '../../core/kernel/context.ts';
import type { Egress } from '../../core/kernel/egress.ts';
import { agentOf } from '../../core/kernel/egress.ts';
import { DomainError } from '../../core/kernel/errors.ts';
import type { App } from '../../core/kernel/registry.ts';
import { runCommand } from '../../core/kernel/registry.ts';
import { webhookOf } from '../../core/kernel/webhook.ts';
import type { EndpointJob } from './job.ts';
import { endpointJob } from './job.ts';
import type { Tried } from './note.ts';
import { giveBack, note, reasonToGiveUp } from './note.ts';
import type { Answered, Way } from './send.ts';
import { send } from './send.ts';
import type { Taken, TakenDelivery } from './take.ts';
import { take } from './take.ts';

/** What sending webhooks needs: one of a process, so that connections are used again. */
export interface Sending extends Way {
  app: App;
  close(): Promise<void>;
}

export function sendingWebhooks(app: App, egress: Egress): Sending {
  const agent = agentOf(egress);
  return { app, egress, agent, close: () => agent.destroy() };
}

/** Webhooks that one endpoint is sent at the same time. */
const TOGETHER = 4;
/** Rounds of one job: then it is another endpoint's turn. */
const ROUNDS = 20;
/** Milliseconds: what is due later than that is found by the sweep. */
const SOON = 60_000;

/**
 * Sends an endpoint what is due, a few at a time, until nothing is. At least once: after a crash what was taken is tried again, under
 * the same id.
 */
export async function sendDue(sending: Sending, job: EndpointJob, stop: AbortSignal): Promise<void> {
  const { app } = sending;
  for (let round = 0; round < ROUNDS; round += 1) {
    const taken = await system(app, job.tenantId, (context) => take(context, job));
    if (!taken) return;
    if (!taken.deliveries.length) return lookLater(app, job, taken.next);
    const tried = await tryAll(sending, taken, stop);
    await settle(app, job, taken, tried);
    stop.throwIfAborted();
    const reason = reasonToGiveUp(tried);
    if (reason) return giveUp(app, job, taken, reason);
  }
  await app.jobs.ask([endpointJob(job)]);
}

async function lookLater(app: App, job: EndpointJob, next: number | null): Promise<void> {
  if (next !== null && next <= SOON) await app.jobs.ask([endpointJob(job, Math.ceil(next / 1_000))]);
}

/**
 * The first first, and so many at the same time. Once the receiver asks for a pause, or says that it is gone, no more are begun.
 * @returns those that ended by themselves
 */
async function tryAll(sending: Sending, taken: Taken, stop: AbortSignal): Promise<Tried[]> {
  const left = [...taken.deliveries];
  const tried: Tried[] = [];
  const tryNext = async () => {
    for (let delivery = left.shift(); delivery && !stop.aborted; delivery = left.shift()) {
      const answered = await tryOne(sending, taken, delivery, stop).catch((error: unknown) => {
        if (stop.aborted) return null;
        throw error;
      });
      if (answered) tried.push({ delivery, answered });
      if (answered && (answered.wants !== null || answered.status === 410)) left.length = 0;
    }
  };
  await Promise.all(Array.from({ length: TOGETHER }, tryNext));
  return tried;
}

async function tryOne(
  sending: Sending,
  { endpoint, secrets }: Taken,
  { event }: TakenDelivery,
  stop: AbortSignal,
): Promise<Answered> {
  const definition = sending.app.registry.events.get(event.name);
  // A later version knows this kind of event no more.
  if (!definition) return { status: null, answer: null, fault: 'Parley does not tell of this any more.', wants: null };
  const body = JSON.stringify(webhookOf(definition, event));
  return send(sending, { url: endpoint.url, secrets }, { id: event.id, body }, sending.app.clock.now(), stop);
}

async function settle(app: App, job: EndpointJob, taken: Taken, tried: readonly Tried[]): Promise<void> {
  const ended = new Set(tried.map(({ delivery }) => delivery));
  const left = taken.deliveries.filter((one) => !ended.has(one)).map(({ id }) => id);
  await system(app, job.tenantId, async (context) => {
    if (tried.length) await note(context, taken, tried);
    if (left.length) await giveBack(context, left);
  });
}

/** Somebody may have mended or removed it in between. */
async function giveUp(app: App, { tenantId }: EndpointJob, { endpoint }: Taken, reason: string): Promise<void> {
  const { id, version } = endpoint;
  app.log.warn({ endpoint: id, reason }, 'an endpoint is given up');
  const request = {
    name: 'endpoint.note-failed',
    input: { endpoint: id, version, reason },
    requestId: `endpoint failed:${id}:${version}`,
  };
  await runCommand(app, { kind: 'system', tenantId, reason: 'sending webhooks' }, request).catch((error: unknown) => {
    if (!(error instanceof DomainError && ['conflict', 'stale', 'not_found'].includes(error.code))) throw error;
  });
}

function system<T>(app: App, tenantId: string, work: (context: Context) => Promise<T>): Promise<T> {
  return withActor(app, { kind: 'system', tenantId, reason: 'sending webhooks' }, work);
}
