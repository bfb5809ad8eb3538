import type { Seeding } from './demo-firm.ts';
import { DEMO_THINGS } from './demo-firm.ts';
import { dayAfter } from './seed-days.ts';

/** What the firm needs of a client: a file, and something secret. */
export async function seedRequirements({ run, as, projects, day0 }: Seeding): Promise<void> {
  const jonas = as('jonas');
  const { store: project } = projects;
  await run('need:logo', jonas, 'requirement.ask', {
    ...{ project, kind: 'files', title: DEMO_THINGS.logo, due: dayAfter(day0, 60) },
    details: 'As SVG or PDF. The one on your website is too small for the printed cards.',
  });
  await run('need:access', jonas, 'requirement.ask', {
    ...{ project, kind: 'secret', title: DEMO_THINGS.access, due: dayAfter(day0, 60) },
    details: 'We move the orders of the last two years to the new shop.',
  });
}

/** A scope that two approvers of the client must approve; the firm has. */
export async function seedApprovals({ run, as, clients, projects, day0 }: Seeding): Promise<void> {
  const ada = as('ada', 'teams');
  await run('approvers:fathom', ada, 'approval.set-rule', { client: clients.fathom, needed: '2' });
  const { cycle, hash } = await run('cycle:campaign', ada, 'cycle.plan', {
    project: projects.website,
    name: DEMO_THINGS.campaign,
    startsOn: dayAfter(day0, 5),
    endsOn: dayAfter(day0, 33),
    deliverables: 'Campaign page — with three stories\nMail to subscribers\nReport after four weeks',
  });
  await run('approve-firm:campaign', ada, 'cycle.approve', { cycle, hash });
}
