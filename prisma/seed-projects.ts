import type { Who } from '../src/core/kernel/actor.ts';
import type { DemoPlaces, PersonKey, Seeding } from './demo-firm.ts';
import type { SeededPeople } from './seed-people.ts';

const PROJECTS = {
  store: {
    client: 'juniper',
    name: 'Online store',
    stage: 'build',
    phases: { Discovery: 100, Design: 100, Build: 45, Launch: 0 },
  },
  showroom: {
    client: 'juniper',
    name: 'Showroom app',
    stage: 'design',
    phases: { Discovery: 100, Design: 30, Build: 0 },
  },
  website: {
    client: 'fathom',
    name: 'Brand and website',
    stage: 'care',
    phases: { Design: 100, Build: 100, Launch: 100, Care: 15 },
  },
} as const;

/** Opens the projects with their phases, and says who takes which part in them. */
export async function seedProjects(
  run: Seeding['run'],
  system: Who,
  { ids, clients }: SeededPeople,
): Promise<Seeding['projects']> {
  const made = { store: '', showroom: '', website: '' };
  for (const [key, { client, name, stage, phases }] of Object.entries(PROJECTS) as [
    keyof typeof PROJECTS,
    (typeof PROJECTS)[keyof typeof PROJECTS],
  ][]) {
    const project = (await run(`project:${key}`, system, 'project.open', { client: clients[client], name }, 40))
      .id as string;
    made[key] = project;
    await run(`stage:${key}`, system, 'project.set-stage', { project, version: 1, stage }, 30);
    for (const [phase, percent] of Object.entries(phases)) {
      const added = await run(`phase:${key}:${phase}`, system, 'project.add-phase', { project, name: phase }, 40);
      if (percent)
        await run(`progress:${key}:${phase}`, system, 'project.report-progress', { phase: added.phase, percent }, 5);
    }
  }
  const roles = { priya: 'approver', tom: 'viewer', lena: 'feedback', dana: 'viewer', eleanor: 'approver' } as const;
  for (const [key, role] of Object.entries(roles)) {
    for (const project of ['store', 'showroom'] as const)
      await run(`join:${key}:${project}`, system, 'people.join-project', {
        person: ids[key as PersonKey],
        project: made[project],
        role,
      });
  }
  for (const key of ['ines', 'hugo'] as const)
    await run(`join:${key}:website`, system, 'people.join-project', {
      person: ids[key],
      project: made.website,
      role: 'approver',
    });
  return made;
}

/** Says which channels and chats are for whom. */
export async function seedRooms(
  run: Seeding['run'],
  system: Who,
  { slack, teams, discord }: DemoPlaces,
  { clients }: SeededPeople,
  projects: Seeding['projects'],
): Promise<void> {
  const bind = (key: string, room: Record<string, string>) => run(`room:${key}`, system, 'project.bind-room', room);
  const inSlack = { channel: 'slack', account: slack.team };
  const inTeams = { channel: 'teams', account: teams.tenant };
  await bind('triage', { ...inSlack, address: slack.channels.triage, name: '#triage', audience: 'triage' });
  await bind('studio', { ...inTeams, address: teams.chats.studio, name: 'Studio', audience: 'internal' });
  await bind('juniper-teams', {
    ...inTeams,
    address: teams.chats.juniper,
    name: 'Juniper Home',
    audience: 'client',
    client: clients.juniper,
  });
  await bind('juniper-discord', {
    ...{ channel: 'discord', account: discord.guild, address: discord.channels.juniper },
    ...{ name: '#juniper-team', audience: 'client', client: clients.juniper },
  });
  const juniper = {
    ...inSlack,
    address: slack.channels.juniper,
    name: '#juniper-home',
    audience: 'client',
    client: clients.juniper,
  };
  await bind('juniper-store', { ...juniper, project: projects.store });
  await bind('juniper-showroom', { ...juniper, project: projects.showroom });
  await bind('fathom', {
    ...inSlack,
    address: slack.channels.fathom,
    name: '#fathom-labs',
    audience: 'client',
    client: clients.fathom,
    project: projects.website,
  });
}
