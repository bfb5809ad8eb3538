/**
 * The demo's firm: Northwind Studio with two clients, three projects, and people on every channel. Written through the
 * same commands that people use, under fixed request ids, so that running it again changes nothing. For the demo only.
 */
import type { Who } from '../src/core/kernel/actor.ts';
import { withActor } from '../src/core/kernel/context.ts';
import type { App } from '../src/core/kernel/registry.ts';
import { runCommand } from '../src/core/kernel/registry.ts';
import type { DemoPlaces, Output, Seeding } from './demo-firm.ts';
import { DEMO_FIRM } from './demo-firm.ts';
import { seedBilling, seedQuote } from './seed-billing.ts';
import { linkAccounts, seedPeople } from './seed-people.ts';
import { seedProjects, seedRooms } from './seed-projects.ts';
import { seedStory } from './seed-story.ts';
import { seedApprovals, seedRequirements } from './seed-waiting.ts';

/**
 * Founds the firm and everything in it.
 * @returns the firm's id
 */
export async function seed(app: App, places: DemoPlaces): Promise<string> {
  const { id: tenantId, name, timezone } = DEMO_FIRM;
  await app.database.pool.query('select parley_found($1, $2, $3)', [tenantId, name, timezone]);
  const system: Who = { kind: 'system', tenantId, reason: 'the demo' };
  const day0 = await withActor(app, system, async ({ sql }) => {
    const [firm] = await sql<{ at: Date }>`select created_at as at from firm where id = ${tenantId}`;
    return firm?.at ?? new Date();
  });
  const run: Seeding['run'] = async (requestId, who, command, input, daysAgo = 0) =>
    (await runCommand(daysEarlier(app, daysAgo), who, { name: command, input, requestId: `demo:${requestId}` }))
      .output as Output;

  for (const [tool, account] of [
    ['slack', places.slack.team],
    ['teams', places.teams.tenant],
    ['discord', places.discord.guild],
    ['email', places.email.account],
    ['jira', places.jira.account],
  ]) {
    await run(`connect:${tool}`, system, 'connection.connect', { tool, account });
  }
  const people = await seedPeople(run, system);
  await linkAccounts(app, system, people, places);
  const projects = await seedProjects(run, system, people);
  await seedRooms(run, system, places, people, projects);
  const as: Seeding['as'] = (person, channel = 'slack') => ({
    kind: 'person',
    tenantId,
    personId: people.ids[person],
    channel,
    assurance: 'chat',
  });
  const { ids, clients } = people;
  const seeding: Seeding = { app, day0, people: ids, clients, projects, as, system, run };
  await seedBilling(seeding);
  await seedStory(seeding);
  await seedRequirements(seeding);
  await seedApprovals(seeding);
  // The quote is what the first story begins with: it stands last in each channel.
  await seedQuote(seeding);
  return tenantId;
}

/** The same app whose clock stands some days earlier: what is seeded has a past. */
function daysEarlier(app: App, days: number): App {
  const earlier = (real: Date) => new Date(real.getTime() - days * 86_400_000);
  return days
    ? { ...app, clock: { adjust: (real) => earlier(app.clock.adjust(real)), now: () => earlier(app.clock.now()) } }
    : app;
}
