import type { Schedule } from '../kernel/registry.ts';

/** What was held is told when the quiet hours end. */
const held: Schedule = {
  name: 'notices',
  cron: '*/5 * * * *',
  candidates: 'parley_due_notices',
  due: async ({ sql, actor, now }, ids) => {
    const due = await sql<{ id: string; due_at: Date | null }>`
      select id, due_at from notice where tenant_id = ${actor.tenantId} and id = any(${ids}::uuid[]) and decision = 'held' and due_at <= ${now}`;
    return due.map(({ id, due_at }) => ({
      name: 'notice.release',
      input: { notice: id },
      requestId: `release:${id}:${due_at?.toISOString()}`,
    }));
  },
};

/** Everybody's digest, when it is due by their own clock; after a time in which nobody looked, one for all that waited. */
const digests: Schedule = {
  name: 'digests',
  cron: '*/5 * * * *',
  candidates: 'parley_due_digests',
  due: async ({ sql, actor, now }, people) => {
    const due = await sql<{ person_id: string; at: Date }>`
      select person_id, max(due_at) as at from notice
      where tenant_id = ${actor.tenantId} and person_id = any(${people}::uuid[]) and decision = 'digest' and due_at <= ${now} group by person_id`;
    return due.map(({ person_id: person, at }) => ({
      name: 'notice.send-digest',
      input: { person },
      requestId: `digest:${person}:${at.toISOString()}`,
    }));
  },
};

export const schedules: Schedule[] = [held, digests];
