import { sideOf } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { Figure, Stands } from '../kernel/standing.ts';
import { counted, countText, MOST_COUNTED, MOST_WEIGHED } from '../kernel/standing.ts';
import { durationText } from './wording.ts';

const QUEUE = { target: 'ticket.queue', input: {} };
const MINE = { target: 'ticket.mine', input: {} };

/** For the team what is to be triaged and what is theirs; for a contact their open requests. */
export async function ticketFigures(context: Context): Promise<Figure[]> {
  const { sql, actor } = context;
  if (sideOf(actor) === 'contact') {
    const [row] = await sql<{ open: number }>`
      select count(*)::int as open from (select from ticket where tenant_id = ${actor.tenantId}
        and status in ('new', 'needs_info', 'approved', 'in_progress') limit ${MOST_COUNTED}) t`;
    return [{ label: 'Open requests', value: countText(row?.open ?? 0), view: MINE }];
  }
  const me = actor.kind === 'person' ? actor.personId : null;
  const [row] = await sql<{ waiting: number; mine: number }>`
    select (select count(*)::int from (select from ticket where tenant_id = ${actor.tenantId} and status = 'new' limit ${MOST_COUNTED}) t) as waiting,
      (select count(*)::int from (select from ticket where tenant_id = ${actor.tenantId} and owner_id = ${me}::uuid
        and status in ('new', 'needs_info', 'approved', 'in_progress') limit ${MOST_COUNTED}) t) as mine`;
  const { waiting = 0, mine = 0 } = row ?? {};
  return [
    { label: 'To triage', value: countText(waiting), view: QUEUE },
    ...(mine ? [{ label: 'Yours', value: counted(mine, 'open ticket'), view: MINE }] : []),
  ];
}

interface OfClient {
  id: string;
  open: number;
  urgent: number;
  /** Minutes until the team's first reply: the median of the last tickets, of at most 30 days, that have one. */
  answered: number | null;
}

/** Of so many tickets of a client the first reply is looked up. */
const ANSWERS = 50;

/** How many of a client's tickets are open, and how long its people wait for a first answer. */
export async function ticketsOfClients({ sql, actor, now }: Context, ids: readonly string[]): Promise<Stands[]> {
  const rows = await sql<OfClient>`
    select c.id, o.open, o.urgent, a.answered from unnest(${ids}::uuid[]) c (id)
    cross join lateral (
      select count(*)::int as open, count(*) filter (where t.priority = 'urgent')::int as urgent from (
        select priority from ticket where tenant_id = ${actor.tenantId} and client_id = c.id
          and status in ('new', 'needs_info', 'approved', 'in_progress') limit ${MOST_WEIGHED}) t) o
    cross join lateral (
      select percentile_cont(0.5) within group (order by extract(epoch from f.at - t.created_at) / 60)::float8 as answered from (
        select id, created_at from ticket where tenant_id = ${actor.tenantId} and client_id = c.id
          and created_at > ${now}::timestamptz - interval '30 days' order by created_at desc limit ${ANSWERS}) t
      cross join lateral (select m.created_at as at from ticket_message m where m.tenant_id = ${actor.tenantId} and m.ticket_id = t.id
        and m.side = 'staff' and not m.internal order by m.created_at limit 1) f) a`;
  return rows.flatMap(({ id, open, urgent, answered }) => {
    const said = [
      ...(open ? [`${counted(open, 'open ticket')}${urgent ? `, ${urgent} urgent` : ''}`] : []),
      ...(answered === null ? [] : [`first answer after ${durationText(answered)}`]),
    ];
    return said.length ? [{ id, text: said.join(' · '), isLate: urgent > 0 }] : [];
  });
}

/** How many tickets of a project are open. */
export async function ticketsOfProjects({ sql, actor }: Context, ids: readonly string[]): Promise<Stands[]> {
  const rows = await sql<{ id: string; open: number }>`
    select p.id, o.open from unnest(${ids}::uuid[]) p (id)
    cross join lateral (select count(*)::int as open from (select from ticket where tenant_id = ${actor.tenantId} and project_id = p.id
      and status in ('new', 'needs_info', 'approved', 'in_progress') limit ${MOST_COUNTED}) t) o
    where o.open > 0`;
  return rows.map(({ id, open }) => ({ id, text: counted(open, 'open ticket') }));
}

/** How many open tickets somebody of the team owns. */
export async function ticketsOfPeople({ sql, actor }: Context, ids: readonly string[]): Promise<Stands[]> {
  const rows = await sql<{ id: string; open: number }>`
    select p.id, o.open from unnest(${ids}::uuid[]) p (id)
    cross join lateral (select count(*)::int as open from (select from ticket where tenant_id = ${actor.tenantId} and owner_id = p.id
      and status in ('new', 'needs_info', 'approved', 'in_progress') limit ${MOST_COUNTED}) t) o
    where o.open > 0`;
  return rows.map(({ id, open }) => ({ id, text: counted(open, 'open ticket') }));
}
