import type { Who } from '../src/core/kernel/actor.ts';
import { withActor } from '../src/core/kernel/context.ts';
import type { App } from '../src/core/kernel/registry.ts';
import type { ClientKey, DemoPerson, DemoPlaces, PersonKey, Seeding } from './demo-firm.ts';
import { DEMO_CLIENTS, DEMO_FIRM, DEMO_PEOPLE } from './demo-firm.ts';

/** The ids of everybody, and of the companies they belong to. */
export interface SeededPeople {
  ids: Record<PersonKey, string>;
  clients: Record<ClientKey, string>;
}

/** Takes the clients on, and adds the people of both sides with their mail addresses. */
export async function seedPeople(run: Seeding['run'], system: Who): Promise<SeededPeople> {
  const clients = {} as Record<ClientKey, string>;
  for (const [key, client] of Object.entries(DEMO_CLIENTS) as [ClientKey, (typeof DEMO_CLIENTS)[ClientKey]][])
    clients[key] = (await run(`client:${key}`, system, 'people.add-client', client, 45)).id as string;
  const ids = {} as Record<PersonKey, string>;
  for (const [key, person] of Object.entries(DEMO_PEOPLE) as [PersonKey, DemoPerson][]) {
    const { name, email, role, client, on, byMail } = person;
    const made = client
      ? await run(`person:${key}`, system, 'people.add-contact', {
          client: clients[client],
          name,
          email,
          role,
          timezone: DEMO_CLIENTS[client].timezone,
          byMail: on.length && !byMail ? 'no' : 'yes',
        })
      : await run(`person:${key}`, system, 'people.add-staff', { name, email, role, timezone: DEMO_FIRM.timezone });
    ids[key] = made.id as string;
  }
  await run('assign:jonas', system, 'people.assign', { person: ids.jonas, client: clients.juniper });
  return { ids, clients };
}

/** Chat accounts are linked by a proof that only their owner can give; the demo's people gave theirs before it began. */
export async function linkAccounts(
  app: App,
  system: Who,
  { ids }: SeededPeople,
  { slack, teams, discord }: DemoPlaces,
): Promise<void> {
  const accounts = [
    ...Object.entries(slack.users).map(([key, id]) => ({ key, provider: 'slack', account: slack.team, id })),
    ...Object.entries(teams.users).map(([key, id]) => ({ key, provider: 'teams', account: teams.tenant, id })),
    ...Object.entries(discord.users).map(([key, id]) => ({ key, provider: 'discord', account: discord.guild, id })),
  ];
  await withActor(app, system, async ({ sql, newId, actor }) => {
    for (const { key, provider, account, id } of accounts)
      await sql`insert into identity (tenant_id, id, person_id, provider, account, external_id, proof)
        values (${actor.tenantId}, ${newId()}, ${ids[key as PersonKey]}, ${provider}, ${account}, ${id}, 'code') on conflict do nothing`;
    await sql`update connection set settings = settings || jsonb_build_object('serviceUrl', ${teams.serviceUrl}::text)
      where tenant_id = ${actor.tenantId} and tool = 'teams' and account = ${teams.tenant}`;
  });
}
