import type { Output, PersonKey, Seeding } from './demo-firm.ts';
import { DEMO_THINGS } from './demo-firm.ts';
import { dayAfter } from './seed-days.ts';

/** What happened before the demo begins: a cycle in every state, and tickets on their way. */
export async function seedStory(seeding: Seeding): Promise<void> {
  await completedCycle(seeding);
  await runningCycle(seeding);
  await reviewedCycle(seeding);
  await tickets(seeding);
  await waitingCycle(seeding);
}

interface Plan {
  key: string;
  project: string;
  name: string;
  /** Days from the day of the seed. */
  from: number;
  to: number;
  deliverables: string[];
  daysAgo?: number;
}

async function plan(
  { run, as, day0 }: Seeding,
  { key, project, name, from, to, deliverables, daysAgo }: Plan,
): Promise<Output> {
  const input = {
    project,
    name,
    startsOn: dayAfter(day0, from),
    endsOn: dayAfter(day0, to),
    deliverables: deliverables.join('\n'),
  };
  return run(`cycle:${key}`, as('ada', 'teams'), 'cycle.plan', input, daysAgo);
}

/** Both sides sign, and the work begins. @returns the cycle as it is then */
async function agreeAndStart(
  { run, as }: Seeding,
  key: string,
  cycle: Output,
  client: PersonKey,
  daysAgo: number,
): Promise<Output> {
  const signing = { cycle: cycle.cycle, hash: cycle.hash };
  const where = client === 'marcus' ? 'teams' : 'slack';
  await run(`approve-client:${key}`, as(client, where), 'cycle.approve', signing, daysAgo + 2);
  await run(`approve-firm:${key}`, as('ada', 'teams'), 'cycle.approve', signing, daysAgo + 1);
  return run(`start:${key}`, as('ada', 'teams'), 'cycle.start', { cycle: cycle.cycle }, daysAgo);
}

async function completedCycle(seeding: Seeding): Promise<void> {
  const { run, as, projects } = seeding;
  const cycle = await plan(seeding, {
    key: 'launch',
    project: projects.website,
    name: 'Launch',
    from: -39,
    to: -15,
    deliverables: ['Landing page — with the sea-floor film', 'Press kit', 'Newsletter sign-up'],
    daysAgo: 44,
  });
  await agreeAndStart(seeding, 'launch', cycle, 'ines', 39);
  const opened = await run('review:launch', as('ada', 'teams'), 'cycle.open-review', { cycle: cycle.cycle }, 14);
  await run('complete:launch', as('ines'), 'cycle.complete', { cycle: cycle.cycle, version: opened.version }, 12);
}

async function runningCycle(seeding: Seeding): Promise<void> {
  const cycle = await plan(seeding, {
    key: 'prototype',
    project: seeding.projects.showroom,
    name: 'Clickable prototype',
    from: -10,
    to: 18,
    deliverables: ['Scan a chair — see sizes, fabrics, stock', 'Save to wish list', 'Test with five shop visitors'],
    daysAgo: 14,
  });
  await agreeAndStart(seeding, 'prototype', cycle, 'marcus', 10);
}

async function reviewedCycle(seeding: Seeding): Promise<void> {
  const { run, as, projects } = seeding;
  const cycle = await plan(seeding, {
    key: 'product-pages',
    project: projects.store,
    name: DEMO_THINGS.productPages,
    from: -31,
    to: -3,
    deliverables: ['Product page — photos, sizes, care', 'Search and filters', 'Notice when back in stock'],
    daysAgo: 36,
  });
  await agreeAndStart(seeding, 'product-pages', cycle, 'priya', 31);
  await run('review:product-pages', as('ada', 'teams'), 'cycle.open-review', { cycle: cycle.cycle }, 1);
}

/** Nobody has signed it yet. */
async function waitingCycle(seeding: Seeding): Promise<void> {
  await plan(seeding, {
    key: 'checkout',
    project: seeding.projects.store,
    name: DEMO_THINGS.checkout,
    from: 5,
    to: 33,
    deliverables: [
      'Basket — desktop and mobile',
      'Payment page — cards and bank transfer',
      'Order confirmation by mail',
    ],
  });
}

async function tickets({ run, as, projects }: Seeding): Promise<void> {
  const gift = await run(
    'ticket:gift-note',
    as('lena'),
    'ticket.file-bug',
    {
      project: projects.store,
      title: 'Gift note is lost when the basket changes',
      description: 'I wrote a gift note, then changed the quantity. The note was gone.',
      expected: 'The note stays with the order.',
      steps: 'Add a lamp, write a note, change 1 to 2.',
    },
    3,
  );
  await run('approve:gift-note', as('jonas'), 'ticket.approve', { ticket: gift.id, version: '1' }, 3);
  await run('progress:gift-note', as('jonas'), 'ticket.progress', { ticket: gift.id, status: 'in_progress' }, 2);

  const stock = await run(
    'ticket:stock',
    as('marcus', 'teams'),
    'ticket.file-change',
    {
      project: projects.showroom,
      title: 'Show stock for each showroom',
      description: 'Visitors ask whether the chair is in their town.',
    },
    2,
  );
  await run(
    'ask:stock',
    as('jonas', 'teams'),
    'ticket.ask',
    { ticket: stock.id, version: '1', question: 'Which system knows the stock of each showroom?' },
    1,
  );

  const form = await run(
    'ticket:newsletter',
    as('ines'),
    'ticket.file-bug',
    {
      project: projects.website,
      title: 'Newsletter form refuses long addresses',
      description: 'Addresses with more than 40 letters are called wrong.',
    },
    6,
  );
  await run('approve:newsletter', as('mira', 'teams'), 'ticket.approve', { ticket: form.id, version: '1' }, 6);
  await run('resolve:newsletter', as('mira', 'teams'), 'ticket.progress', { ticket: form.id, status: 'resolved' }, 4);

  await run('ticket:delivery-day', as('priya'), 'ticket.file-change', {
    project: projects.store,
    title: DEMO_THINGS.deliveryDay,
    description: 'Large furniture needs somebody at home. Please offer the next ten working days.',
  });
}
