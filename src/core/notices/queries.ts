import type { Press } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import type { Notice } from './schema.ts';

/** A notice as its person reads it, with what shows the thing that it was about. */
export interface OwnNotice {
  notice: Notice;
  view: Press;
  projectName: string | null;
}

/** Which of one's own notices are meant. */
export type Which = { digest: string } | { waiting: true } | { entity: string; id: string } | 'all';

type Row = Notice & Pick<OwnNotice, 'view' | 'projectName'>;

/** One's own notices, the newest first, at most so many. */
export async function readOwn({ sql, actor }: Context, which: Which, limit: number): Promise<OwnNotice[]> {
  if (actor.kind !== 'person') return [];
  const only: { digest?: string; waiting?: true; entity?: string; id?: string } = which === 'all' ? {} : which;
  const { digest = null, waiting = false, entity = null, id = null } = only;
  const rows = await sql<Row>`
    select n.id, n.event_name as event, n.topic, n.tier, n.decision, n.reason, n.channels, n.due_at as "dueAt", n.digest_id as digest,
      n.created_at as at, n.view, p.name as "projectName"
    from notice n left join project p on p.tenant_id = n.tenant_id and p.id = n.project_id
    where n.tenant_id = ${actor.tenantId} and n.person_id = ${actor.personId}
      and (${digest}::uuid is null or n.digest_id = ${digest}::uuid) and (not ${waiting}::boolean or n.decision = 'digest')
      and (${entity}::text is null or (n.entity = ${entity}::text and n.entity_id = ${id}::uuid))
    order by n.created_at desc, n.id desc limit ${limit}`;
  return rows.map(({ view, projectName, ...notice }) => ({ notice, view, projectName }));
}
