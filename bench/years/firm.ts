import type pg from 'pg';
import { areas } from '../../src/core/areas.ts';
import type { TestApp } from '../../src/testing/app.ts';
import type { OwnerQuery } from '../../src/testing/database.ts';
import { ownedBy } from '../../src/testing/database.ts';
import type { Made, Stage } from '../../src/testing/examples.ts';
import { examplesOf, madeOn, stageOf } from '../../src/testing/examples.ts';
import { makeFirm } from '../../src/testing/firm.ts';
import type { Size } from '../../src/testing/large-tables.ts';
import { fillLargely } from '../../src/testing/large-tables.ts';

/** 500 clients, 5,000 projects, a million tickets, five million messages, 200,000 invoices. */
export const YEARS: Size = { clients: 500, projects: 10, tickets: 200, invoices: 40, unpaid: 100, messages: 5 };

/** Clients of a member of the team, who does not work for all of them. */
const CLIENTS_OF_A_MEMBER = 20;

/** A firm after years of work. */
export interface Years {
  stage: Stage;
  /** Of each area, one of each thing that its views name. */
  made: ReadonlyMap<string, Made>;
}

/** Makes the firm, one of everything in it by the commands that people use, and behind them what years leave. */
export async function makeYears(app: TestApp, client: pg.Client, size: Size): Promise<Years> {
  const owner: OwnerQuery = async (text, values) => (await client.query(text, values)).rows;
  ownedBy(app.database, owner);
  const firm = await makeFirm(app.database);
  const stage = stageOf(app, firm, firm.acme, 'Quince');
  const made = new Map<string, Made>();
  for (const area of areas) made.set(area.name, await madeOn(stage, await examplesOf(area)));
  await fillLargely(owner, firm, size);
  await owner(
    `insert into assignment (tenant_id, person_id, client_id)
     select $1, $2, id from client where tenant_id = $1 and name like 'Client %' order by name limit $3`,
    [firm.tenantId, firm.member, CLIENTS_OF_A_MEMBER],
  );
  // Without it the first reads would find out which rows are old enough to be seen by all, and write that down.
  await owner('vacuum (analyze)');
  return { stage, made };
}

/** What stands in the tables that grow most. */
export async function countsOf(client: pg.Client): Promise<Record<string, number>> {
  const { rows } = await client.query(
    `select (select count(*)::int from client) as clients, (select count(*)::int from project) as projects,
       (select count(*)::int from ticket) as tickets,
       ((select count(*) from ticket_message) + (select count(*) from message))::int as messages,
       (select count(*)::int from invoice) as invoices`,
  );
  return rows[0] as Record<string, number>;
}
