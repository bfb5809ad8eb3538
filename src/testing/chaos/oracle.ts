import type { Act } from './acts.ts';
import { PRESSED } from './areas.ts';
import { pause } from './fleet.ts';
import type { Check, Query } from './query.ts';

/** What one run is judged by. Every line of it must be empty or zero. */
export interface Verdict {
  faults: string[];
  figures: Record<string, number>;
}

/** Milliseconds for which nothing must be left to do: an answer of a platform may still be on its way. */
const QUIET = 3_000;

/** Waits until nothing is left to do: no delivery waits, no job is due. Returns what was still there at the end of patience. */
export async function untilAtRest(query: Query, patience: number): Promise<string[]> {
  const until = Date.now() + patience;
  for (let quietSince = Number.POSITIVE_INFINITY; ; await pause(200)) {
    const left = await leftToDo(query);
    if (left.length && Date.now() > until) return left;
    quietSince = left.length ? Number.POSITIVE_INFINITY : Math.min(quietSince, Date.now());
    if (Date.now() - quietSince > QUIET) return [];
  }
}

async function leftToDo(query: Query): Promise<string[]> {
  const open = await query(`
    select 'delivery' as what, count(*) as n from inbox where status = 'waiting'
    union all select 'event', count(*) from event where delivered_at is null
    union all select 'job in ' || name, count(*) from pgboss.job where state in ('created', 'active', 'retry') and name <> 'dead' group by name`);
  return open.filter((row) => Number(row.n) > 0).map((row) => `${row.n} × ${row.what} still open`);
}

/** Compares what the hub acknowledged with what the database holds. */
export async function judge(query: Query, acts: readonly Act[], acknowledged: ReadonlySet<string>): Promise<Verdict> {
  const faults: string[] = [];
  const effects = await effectsByMark(query);
  for (const act of acts) {
    const found = effects.get(keyOf(act)) ?? 0;
    if (acknowledged.has(act.mark) && found === 0) faults.push(`${act.kind} ${act.mark} was acknowledged and is lost`);
    if (act.leaves && !acknowledged.has(act.mark))
      faults.push(`${act.kind} ${act.mark} was never acknowledged: ${act.refusal ?? 'the one before it was not'}`);
    if (found > 1) faults.push(`${act.kind} ${act.mark} took effect ${found} times`);
  }
  const figures: Record<string, number> = {
    acts: acts.length,
    acknowledged: acknowledged.size,
    effects: acts.filter((act) => effects.has(keyOf(act))).length,
  };
  for (const check of [...CHECKS, ...PRESSED.flatMap(({ checks }) => checks)]) {
    const rows = await query(check.sql);
    figures[check.name] = rows.length;
    if (rows.length) faults.unshift(`${check.name}: ${rows.length}, for instance ${JSON.stringify(rows[0])}`);
  }
  return { faults, figures };
}

/** What was filed or said by its mark, and what else was done by the mark in its request's id and the event that it left. */
async function effectsByMark(query: Query): Promise<Map<string, number>> {
  const rows = await query(`
    select mark, count(*) as n from (
      select title as mark from ticket where title like 'mark-%'
      union all select trim(body) from ticket_message where body like 'mark-%'
      union all select substring(request_id from 'mark-[0-9]+-[a-z0-9]+-[0-9]+') || ' ' || name from event
        where request_id ~ 'mark-[0-9]+-[a-z0-9]+-[0-9]+') marks group by mark`);
  return new Map(rows.map((row) => [String(row.mark), Number(row.n)]));
}

function keyOf({ mark, leaves }: Act): string {
  return leaves ? `${mark} ${leaves}` : mark;
}

/** Of whatever was done. */
const CHECKS: readonly Check[] = [
  {
    name: 'ledger lines that do not balance',
    sql: `select source from inbox group by source having count(*) <> count(*) filter (where status in ('applied', 'duplicate', 'quarantined'))`,
  },
  {
    name: 'deliveries that were worked twice',
    sql: `select source, md5(body) from inbox where status <> 'duplicate' and length(body) > 0 group by source, account, md5(body) having count(*) > 1`,
  },
  { name: 'deliveries in quarantine', sql: `select source, kind, outcome from inbox where status = 'quarantined'` },
  { name: 'events not delivered', sql: `select name from event where delivered_at is null` },
  {
    name: 'tickets without their event',
    sql: `select id from ticket t where title like 'mark-%' and not exists (select from event e where e.entity_id = t.id and e.name = 'ticket.filed')`,
  },
  {
    name: 'tickets with two events of filing',
    sql: `select entity_id from event where name = 'ticket.filed' group by entity_id having count(*) > 1`,
  },
  {
    name: 'events without an audit row',
    sql: `select e.request_id, e.name from event e where not exists (select from audit a where a.tenant_id = e.tenant_id and a.request_id = e.request_id and a.event = e.name)`,
  },
  {
    name: 'tickets without their card in triage',
    sql: `select t.id from ticket t where title like 'mark-%' and not exists (select from posted_card p join room r on r.id = p.room_id and r.audience = 'triage' where p.entity = 'ticket' and p.entity_id = t.id and p.state = 'posted')`,
  },
  {
    name: 'cards that are neither posted nor given up',
    sql: `select id, key from posted_card where state = 'sending'`,
  },
  { name: 'jobs that failed for good', sql: `select source_name, data, output from pgboss.job where name = 'dead'` },
];
