import { once } from '../once.ts';
import type { Pressed, Step } from '../stories.ts';

const planCycle: Step = {
  ...{ by: 'admin', does: 'cycle.plan', leaves: 'cycle.planned' },
  input: ({ project, mark }) => ({
    ...{ project, name: mark, startsOn: '2026-10-05', endsOn: '2026-10-30', deliverables: 'Basket' },
  }),
};

const plan: Step = {
  ...{ by: 'admin', does: 'deliverable.plan', leaves: 'deliverable.planned' },
  input: ({ cycle, mark }) => ({ cycle, name: mark }),
};

const planForgotten: Step = {
  ...plan,
  input: ({ cycle, mark }) => ({ cycle, name: `Forgotten ${mark}` }),
};

const share: Step = {
  ...{ by: 'admin', does: 'deliverable.share', leaves: 'deliverable.shared' },
  input: ({ deliverable, version }) => ({ deliverable, version, link: 'https://example.com/draft' }),
};

const approve: Step = {
  ...{ by: 'approver', does: 'deliverable.approve', leaves: 'deliverable.approved', signs: {} },
  // What a button carries of it.
  input: ({ deliverable, hash }) => ({ deliverable, hash: String(hash).slice(0, 22) }),
};

export const deliverables: Pressed = {
  stories: [
    { steps: [planCycle, plan, share, share, approve] },
    {
      steps: [planCycle, planForgotten, share],
      ages: ({ deliverable }) =>
        `update deliverable_share set at = date_trunc('second', now()) - interval '3 days' where deliverable_id = '${deliverable}';
         update deliverable set look_at = now() where id = '${deliverable}'`,
    },
  ],
  schedules: ['deliverables'],
  checks: [
    once('deliverable', 'deliverable.approved', `t.status = 'approved'`),
    once('deliverable', 'deliverable.reminded', `t.name like 'Forgotten %'`),
    {
      name: 'deliverables whose versions are not those that were shared',
      sql: `select d.id from deliverable d where (d.shares, d.shares) is distinct from (
        (select count(*)::int from deliverable_share s where s.deliverable_id = d.id),
        (select count(*)::int from event e where e.entity_id = d.id and e.name = 'deliverable.shared'))`,
    },
  ],
};
