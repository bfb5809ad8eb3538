import type { Kernel } from './context.ts';
import type { Sql } from './db.ts';
import { inTransaction, LEAVE_ROLE } from './db.ts';
import { DomainError } from './errors.ts';
import type { Event, EventRow } from './event.ts';
import { eventOf } from './event.ts';
import type { Job } from './jobs.ts';
import type { App } from './registry.ts';
import { runCommand } from './registry.ts';

/** Somebody who follows events: reactions, announcements, connectors. Says which jobs an event gives, inside the fan-out's transaction. */
export interface Consumer {
  name: string;
  jobs(event: Event, sql: Sql, now: Date): Promise<Job[]> | Job[];
}

/** Marks the event delivered and stores its consumers' jobs, both or neither: every event is fanned out exactly once. */
export async function fanOut(
  kernel: Kernel,
  consumers: readonly Consumer[],
  job: { tenantId: string; eventId: string },
): Promise<void> {
  await inTransaction(
    kernel.database,
    kernel.clock,
    { kind: 'system', tenant: job.tenantId },
    async ({ sql }, { now }, ending) => {
      const [row] = await sql<EventRow>`
      update event set delivered_at = now() where tenant_id = ${job.tenantId} and id = ${job.eventId} and delivered_at is null returning *`;
      if (!row) return;
      const event = eventOf(row);
      const jobs: Job[] = [];
      for (const consumer of consumers) jobs.push(...(await consumer.jobs(event, sql, now)));
      if (!jobs.length) return;
      void ending.send(LEAVE_ROLE);
      kernel.jobs.enqueue(ending, jobs);
    },
  );
}

/** Reads one stored event, as the system. */
export async function readEvent(kernel: Kernel, tenantId: string, eventId: string): Promise<Event> {
  return inTransaction(kernel.database, kernel.clock, { kind: 'system', tenant: tenantId }, async ({ sql }) => {
    const [row] = await sql<EventRow>`select * from event where tenant_id = ${tenantId} and id = ${eventId}`;
    if (!row) throw new Error(`event ${eventId} is not there`);
    return eventOf(row);
  });
}

/** Events of a firm that were not fanned out yet: some of them, when there are many. */
export async function undelivered(kernel: Kernel, tenantId: string): Promise<{ id: string; name: string }[]> {
  return inTransaction(
    kernel.database,
    kernel.clock,
    { kind: 'system', tenant: tenantId },
    ({ sql }) => sql<{ id: string; name: string }>`
      select id, name from event where tenant_id = ${tenantId} and delivered_at is null order by at limit 100`,
  );
}

/** The reactions of all areas, as a consumer: each becomes a command request of the system. */
export function reactionConsumer(app: App): Consumer {
  return {
    name: 'reactions',
    jobs: (event) => {
      const requests = app.registry.areas
        .flatMap((area) => area.reactions)
        .filter((reaction) => reaction.on === event.name)
        .flatMap((reaction) => reaction.next(event) ?? []);
      return requests.map((request, index) => {
        // One event may ask for a command more than once, like about what it took something from and what it put it into.
        const before = requests.slice(0, index).filter(({ name }) => name === request.name).length;
        const requestId = `${event.id}:${request.name}${before ? `:${before + 1}` : ''}`;
        return {
          queue: 'react' as const,
          data: { tenantId: event.tenantId, ...request, requestId, because: event.name },
        };
      });
    },
  };
}

/** Runs a command the system asked for. A refusal is final: asking again would not change it. */
export async function react(
  app: App,
  job: { tenantId: string; name: string; input: unknown; requestId: string; because: string },
): Promise<void> {
  try {
    await runCommand(app, { kind: 'system', tenantId: job.tenantId, reason: job.because }, job);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'unavailable') throw error;
    app.log.info({ command: job.name, because: job.because, code: error.code }, 'a reaction was not needed any more');
  }
}

/** Did one of these happen to a thing after an event? */
export async function hasHappened(
  sql: Sql,
  tenantId: string,
  about: Event['about'],
  since: { seq: number; names: readonly string[] },
): Promise<boolean> {
  if (!since.names.length) return false;
  const [found] = await sql`
    select from event where tenant_id = ${tenantId} and entity = ${about.entity} and entity_id = ${about.id}
      and name = any(${since.names}) and seq > ${since.seq} limit 1`;
  return found !== undefined;
}
