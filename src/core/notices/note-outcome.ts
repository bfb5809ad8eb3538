import { z } from 'zod';
import { isSystem } from '../kernel/actor.ts';
import { command } from '../kernel/command.ts';
import type { Context } from '../kernel/context.ts';
import type { NewEvent } from '../kernel/event.ts';
import { sentence, there } from '../kernel/thing-definition.ts';
import { digestDue, dropped, released } from './events.ts';
import { giveUp, lockNotice } from './rows.ts';

const input = z
  .strictObject({
    notice: z.uuid().optional().describe('The notice'),
    digest: z.uuid().optional().describe('Or the digest'),
    room: z.uuid().describe('Where it was to be shown'),
    fault: z.enum(['unseen', 'unreachable']).describe('Its reader may not see it any more, or it cannot arrive there'),
  })
  .refine(({ notice, digest }) => (notice === undefined) !== (digest === undefined), 'names a notice or a digest');

/** Notes that a notice was not shown to its reader. What could not arrive is asked for by another channel. */
export const noteOutcome = command({
  name: 'notice.note-outcome',
  input,
  load: async () => ({}),
  policy: isSystem,
  handle: async (context, { notice, digest, room, fault }) => ({
    events: [
      notice ? await noteNotice(context, notice, room, fault) : await noteDigest(context, digest ?? '', room, fault),
    ],
    output: { id: notice ?? digest ?? '' },
  }),
  reply: ({ id }) => sentence('notice', id, 'It is noted.'),
});

type Fault = z.infer<typeof input>['fault'];

async function noteNotice(context: Context, id: string, room: string, fault: Fault): Promise<NewEvent> {
  const { sql, actor } = context;
  const {
    personId: person,
    view,
    entity,
    entityId,
    clientId,
    projectId,
  } = there(await lockNotice(sql, actor.tenantId, id));
  const about = { entity: 'notice', id };
  const within = { ...(clientId ? { clientId } : {}), ...(projectId ? { projectId } : {}) };
  if (fault === 'unseen') {
    await giveUp(context, [id], 'no-right');
    return dropped.of(about, { person, count: 1 }, within);
  }
  await sql`update notice set failed = array_append(array_remove(failed, ${room}::uuid), ${room}::uuid)
    where tenant_id = ${actor.tenantId} and id = ${id}`;
  return released.of(about, { person, view, about: { entity, id: entityId } }, within);
}

async function noteDigest(context: Context, id: string, room: string, fault: Fault): Promise<NewEvent> {
  const { sql, actor } = context;
  const rows = await sql<{ id: string; person_id: string; failed: string[] }>`
    select id, person_id, failed from notice where tenant_id = ${actor.tenantId} and digest_id = ${id} order by id for update`;
  const { person_id: person, failed } = there(rows[0]);
  const about = { entity: 'digest', id };
  if (fault === 'unseen') {
    await giveUp(
      context,
      rows.map((row) => row.id),
      'no-right',
    );
    return dropped.of(about, { person, count: rows.length });
  }
  const all = [...new Set([...failed, room])];
  await sql`update notice set failed = ${all}::uuid[] where tenant_id = ${actor.tenantId} and digest_id = ${id}`;
  return digestDue.of(about, { person, count: rows.length, failed: all });
}
