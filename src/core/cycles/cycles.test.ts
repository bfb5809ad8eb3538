import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import { asOwner } from '../../testing/database.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { answerPress } from '../kernel/answer.ts';
import { withActor } from '../kernel/context.ts';
import type { Event } from '../kernel/event.ts';
import { runCommand, showView } from '../kernel/registry.ts';
import { cycle } from './cycle.ts';
import { cycles } from './index.ts';
import { cycleSchedule } from './schedules.ts';

// Long, because all commands stand on one shared set-up: a database takes seconds to open.
/** What every command on a cycle answers. */
interface Done {
  cycle: string;
  status: string;
  version: number;
  hash: string;
  say: string;
}

let app: TestApp;
let firm: TestFirm;
let staff: Who;
let member: Who;
let approver: Who;
let viewer: Who;
let system: Who;
let count = 0;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
  staff = as(firm, firm.admin);
  member = as(firm, firm.member);
  approver = as(firm, firm.acme.approver, 'mail', 'email');
  viewer = as(firm, firm.acme.viewer);
  system = { kind: 'system', tenantId: firm.tenantId, reason: 'cycles' };
  goTo('2026-11-02T15:00:00Z');
});
afterAll(() => app.close());

/** Sets the hub's clock; the tests of a file run in their order. */
function goTo(instant: string): void {
  app.clock.jump(Date.parse(instant) - app.clock.now().getTime());
}

const typed = {
  name: 'Checkout',
  startsOn: '2026-11-02',
  endsOn: '2026-11-27',
  deliverables: 'Basket page — desktop and mobile\nPayment page',
};

async function run(
  who: Who,
  name: string,
  input: Record<string, unknown>,
  requestId = `test ${++count}`,
): Promise<Done> {
  return (await runCommand(app, who, { name, input, requestId })).output as Done;
}

const planned = () => run(staff, 'cycle.plan', { project: firm.acme.project, ...typed });
const approve = (who: Who, { cycle, hash }: Done) => run(who, 'cycle.approve', { cycle, hash });
async function signed(): Promise<Done> {
  const cycle = await planned();
  await approve(staff, cycle);
  return approve(approver, cycle);
}
const started = async () => run(staff, 'cycle.start', { cycle: (await signed()).cycle });
const reviewed = async () => run(staff, 'cycle.open-review', { cycle: (await started()).cycle });
async function disputed(): Promise<Done> {
  const { cycle, version } = await reviewed();
  return run(approver, 'cycle.dispute', { cycle, version, reason: 'The basket forgets things' });
}
const completed = async () => {
  const { cycle, version } = await reviewed();
  return run(approver, 'cycle.complete', { cycle, version });
};

/** What the database holds of a cycle, read behind the policies. */
async function stored(id: string) {
  const owner = asOwner(app.database);
  const [row = {}] = await owner('select * from cycle where id = $1', [id]);
  const versions = await owner('select * from cycle_version where cycle_id = $1 order by number', [id]);
  const approvals = await owner('select * from approval where cycle_id = $1 order by number, side', [id]);
  const disputes = await owner('select * from dispute where cycle_id = $1 order by opened_at', [id]);
  return { ...row, status: row.status, versions, approvals, disputes };
}

const trail = (id: string) =>
  asOwner(app.database)(
    `select e.name, e.client_id, e.project_id, e.data, a.by_name, a.channel, a.assurance, a.before, a.after
     from event e join audit a on a.request_id = e.request_id and a.event = e.name where e.entity_id = $1 order by e.seq`,
    [id],
  );

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => 'was allowed',
    (error: { code: string }) => error.code,
  );

test('the database takes no approval of content that does not exist', async () => {
  const { cycle, hash } = await planned();
  const approval = (of: string) =>
    asOwner(app.database)(
      `insert into approval (tenant_id, client_id, project_id, cycle_id, number, side, hash, person_id, by_name, channel, assurance, at)
       values ($1, $2, $3, $4, 1, 'client', $5, $6, 'Acme Approver', 'slack', 'chat', now())`,
      [firm.tenantId, firm.acme.id, firm.acme.project, cycle, of, firm.acme.approver],
    );

  await expect(approval('another hash')).rejects.toMatchObject({ code: '23503' });
  await approval(hash);
});

describe('cycle.plan', () => {
  test('staff plan a cycle, and its review falls on the client’s calendar', async () => {
    const { cycle, hash } = await run(member, 'cycle.plan', { project: firm.acme.project, ...typed, reviewDays: '3' });

    expect(await stored(cycle)).toMatchObject({
      status: 'upcoming',
      version: 1,
      content_number: 1,
      content_hash: hash,
      review_opens_at: new Date('2026-11-30T14:00:00Z'),
      review_closes_at: new Date('2026-12-02T22:00:00Z'),
      versions: [
        { number: 1, hash, by_name: 'Mia Member', content: { deliverables: [{ detail: 'desktop and mobile' }, {}] } },
      ],
      approvals: [],
    });
    expect(await trail(cycle)).toMatchObject([
      {
        name: 'cycle.planned',
        client_id: firm.acme.id,
        project_id: firm.acme.project,
        before: null,
        after: { status: 'upcoming' },
      },
    ]);
  });

  test('contacts cannot, and staff cannot for a client that is not theirs', async () => {
    expect(await refusal(run(approver, 'cycle.plan', { project: firm.acme.project, ...typed }))).toBe('forbidden');
    expect(await refusal(run(member, 'cycle.plan', { project: firm.globex.project, ...typed }))).toBe('not_found');
  });

  test('faults are named beside their fields', async () => {
    const input = { project: firm.acme.project, ...typed, endsOn: '2026-11-01' };
    await expect(run(staff, 'cycle.plan', input)).rejects.toMatchObject({
      code: 'invalid',
      detail: { fields: { endsOn: 'must not be before the start' } },
    });
    await expect(run(staff, 'cycle.plan', { ...input, reviewDays: '0', deliverables: '' })).rejects.toMatchObject({
      code: 'invalid',
      detail: { fields: { reviewDays: 'is at least 1', deliverables: expect.any(String) } },
    });
  });

  test('an empty number of review days means a week; a repeated request plans once', async () => {
    const input = { project: firm.acme.project, ...typed, name: 'Once', reviewDays: '' };

    const [first, again] = [
      await run(staff, 'cycle.plan', input, 'plan once'),
      await run(staff, 'cycle.plan', input, 'plan once'),
    ];

    expect(again).toEqual(first);
    expect(await asOwner(app.database)(`select review_days from cycle where name = 'Once'`)).toEqual([
      { review_days: 5 },
    ]);
  });
});

describe('cycle.approve', () => {
  test('each side signs the same hash; who, through what and how sure is on record', async () => {
    const cycle = await planned();

    await approve(staff, cycle);
    const done = await approve(approver, cycle);

    expect(done.say).toBe('Checkout is approved for Acme. Both sides have approved.');
    expect((await stored(cycle.cycle)).approvals).toMatchObject([
      {
        side: 'client',
        hash: cycle.hash,
        person_id: firm.acme.approver,
        by_name: 'Acme Approver',
        channel: 'email',
        assurance: 'mail',
      },
      {
        side: 'firm',
        hash: cycle.hash,
        person_id: firm.admin,
        by_name: 'Ada Admin',
        channel: 'slack',
        assurance: 'chat',
      },
    ]);
    expect(await trail(cycle.cycle)).toMatchObject([
      { name: 'cycle.planned' },
      { name: 'cycle.approved', data: { side: 'firm', both: false }, by_name: 'Ada Admin' },
      {
        name: 'cycle.approved',
        data: { side: 'client', both: true },
        channel: 'email',
        assurance: 'mail',
        after: { version: 3 },
      },
    ]);
  });

  test('only approvers sign for the client, and only people sign at all', async () => {
    const cycle = await planned();
    const connector: Who = { kind: 'integration', tenantId: firm.tenantId, connector: 'jira', account: 'x' };

    expect(await refusal(approve(viewer, cycle))).toBe('forbidden');
    expect(await refusal(approve(as(firm, firm.acme.feedback), cycle))).toBe('not_found');
    expect(await refusal(approve(as(firm, firm.globex.approver), cycle))).toBe('not_found');
    expect(await refusal(approve(system, cycle))).toBe('forbidden');
    expect(await refusal(approve(connector, cycle))).toBe('forbidden');
    expect(await refusal(approve({ kind: 'audience', tenantId: firm.tenantId, roomId: firm.acme.room }, cycle))).toBe(
      'forbidden',
    );
    expect((await stored(cycle.cycle)).approvals).toEqual([]);
  });

  test('a second person of the same side is told who approved and when', async () => {
    const cycle = await planned();
    await approve(approver, cycle);

    await expect(approve(as(firm, firm.acme.clientAdmin), cycle)).rejects.toMatchObject({
      code: 'conflict',
      say: expect.stringMatching(
        /^Acme Approver approved this for Acme already, on Mon 2 Nov 2026, \d\d:\d\d \(America\/New_York\)\.$/,
      ),
    });
  });

  test('a press on an old scope approves nothing and is answered with the changes and the present card', async () => {
    const old = await signed();
    const edited = await run(staff, 'cycle.edit-scope', {
      cycle: old.cycle,
      version: old.version,
      ...typed,
      deliverables: 'Basket page\nGuest checkout',
    });

    const answer = await answerPress(app, approver, {
      press: { target: 'cycle.approve', input: { cycle: old.cycle, hash: old.hash } },
      requestId: 'an old button',
    });

    expect(answer).toMatchObject({
      kind: 'stale',
      changes: ['Added: Guest checkout', 'Removed: Payment page', 'Basket page — desktop and mobile → no detail'],
      card: { title: 'Checkout', about: { version: edited.version } },
    });
    expect((await stored(old.cycle)).approvals.map(({ number }) => number)).toEqual([1, 1]);
  });

  test('a repeated request answers the first outcome; what is completed or disputed is not approved', async () => {
    const cycle = await planned();
    const input = { cycle: cycle.cycle, hash: cycle.hash };
    const first = await run(staff, 'cycle.approve', input, 'approve once');

    expect(await run(staff, 'cycle.approve', input, 'approve once')).toEqual(first);
    expect((await stored(cycle.cycle)).approvals).toHaveLength(1);
    expect(await refusal(approve(staff, await completed()))).toBe('conflict');
    expect(await refusal(approve(staff, await disputed()))).toBe('conflict');
  });
});

describe('cycle.edit-scope', () => {
  test('a change after both signed is a new version; the old one and its approvals stay on record', async () => {
    const old = await signed();

    const edited = await run(member, 'cycle.edit-scope', {
      cycle: old.cycle,
      version: old.version,
      ...typed,
      name: 'Checkout 2',
      endsOn: '2026-12-04',
    });

    expect(await stored(old.cycle)).toMatchObject({
      version: 4,
      name: 'Checkout 2',
      content_number: 2,
      content_hash: edited.hash,
      ends_on: '2026-12-04',
      review_opens_at: new Date('2026-12-07T14:00:00Z'),
      versions: [
        { number: 1, hash: old.hash },
        { number: 2, hash: edited.hash, by_name: 'Mia Member' },
      ],
      approvals: [
        { number: 1, side: 'client' },
        { number: 1, side: 'firm' },
      ],
    });
    expect((await trail(old.cycle)).at(-1)).toMatchObject({
      name: 'cycle.scope-changed',
      data: { afterBothSigned: true, changes: ['Name: Checkout → Checkout 2', 'Ends on: 27 Nov 2026 → 4 Dec 2026'] },
      before: { number: 1 },
      after: { number: 2 },
    });
  });

  test('the database itself lets nobody change what was signed', async () => {
    const { cycle } = await signed();
    for (const who of [staff, member, approver, system]) {
      expect(
        await refusal(
          withActor(app, who, ({ sql }) => sql`update cycle_version set by_name = 'X' where cycle_id = ${cycle}`),
        ),
      ).toBe('forbidden');
      expect(
        await refusal(
          withActor(app, who, ({ sql }) => sql`update approval set by_name = 'X' where cycle_id = ${cycle}`),
        ),
      ).toBe('forbidden');
      expect(await refusal(withActor(app, who, ({ sql }) => sql`delete from approval where cycle_id = ${cycle}`))).toBe(
        'forbidden',
      );
    }
  });

  test('contacts cannot, an old card cannot, and what is disputed or completed stays', async () => {
    const { cycle, version } = await signed();
    const edit = (who: Who, of: { cycle: string; version: number }) =>
      run(who, 'cycle.edit-scope', { cycle: of.cycle, version: of.version, ...typed, name: 'Other' });

    expect(await refusal(edit(approver, { cycle, version }))).toBe('forbidden');
    await expect(edit(staff, { cycle, version: version - 1 })).rejects.toMatchObject({
      code: 'stale',
      detail: { changes: ['Approved the scope for Acme (Acme Approver)'] },
    });
    expect(await refusal(edit(staff, await disputed()))).toBe('conflict');
    expect(await refusal(edit(staff, await completed()))).toBe('conflict');
    expect((await stored(cycle)).versions).toHaveLength(1);
  });

  test('a repeated request makes one version', async () => {
    const { cycle, version } = await planned();
    const input = { cycle, version, ...typed, name: 'Other' };
    const first = await run(staff, 'cycle.edit-scope', input, 'edit once');

    expect(await run(staff, 'cycle.edit-scope', input, 'edit once')).toEqual(first);
    expect((await stored(cycle)).versions).toHaveLength(2);
  });
});

describe('cycle.start', () => {
  test('staff start what both approved, once', async () => {
    const { cycle } = await signed();

    const done = await run(member, 'cycle.start', { cycle }, `start of ${cycle}`);

    expect(await stored(cycle)).toMatchObject({ status: 'in_progress', version: 4 });
    expect((await trail(cycle)).at(-1)).toMatchObject({
      name: 'cycle.started',
      before: { status: 'upcoming' },
      after: { status: 'in_progress' },
    });
    expect(await run(member, 'cycle.start', { cycle }, `start of ${cycle}`)).toEqual(done);
    expect(await refusal(run(member, 'cycle.start', { cycle }))).toBe('conflict');
  });

  test('not before both approved, and not by the client', async () => {
    const cycle = await planned();
    await approve(approver, cycle);

    await expect(run(staff, 'cycle.start', { cycle: cycle.cycle })).rejects.toMatchObject({
      code: 'conflict',
      say: 'It can start once both have approved. Still to approve: Northwind Studio.',
    });
    expect(await refusal(run(approver, 'cycle.start', { cycle: cycle.cycle }))).toBe('forbidden');
  });
});

describe('cycle.open-review and cycle.remind', () => {
  test('staff open a review early, and the client gets all its days', async () => {
    const { cycle } = await started();

    const done = await run(staff, 'cycle.open-review', { cycle });

    expect(done.say).toBe('Checkout is in review until Mon 9 Nov 2026, 23:00 (Europe/Berlin).');
    expect(await stored(cycle)).toMatchObject({
      status: 'in_review',
      review_closes_at: new Date('2026-11-09T22:00:00Z'),
    });
    expect((await trail(cycle)).at(-1)).toMatchObject({ name: 'cycle.review-opened' });
    expect(await refusal(run(staff, 'cycle.open-review', { cycle }))).toBe('conflict');
  });

  test('the client opens and reminds of nothing; the system only what is due', async () => {
    const { cycle } = await started();

    expect(await refusal(run(approver, 'cycle.open-review', { cycle }))).toBe('forbidden');
    expect(await refusal(run(approver, 'cycle.remind', { cycle }))).toBe('forbidden');
    expect(await refusal(run(system, 'cycle.open-review', { cycle }))).toBe('conflict');
    expect(await refusal(run(staff, 'cycle.remind', { cycle }))).toBe('conflict');
  });

  test('a reminder is a fact, and does not make the client’s buttons stale', async () => {
    const { cycle, version } = await reviewed();

    await run(staff, 'cycle.remind', { cycle }, 'remind once');
    await run(staff, 'cycle.remind', { cycle }, 'remind once');

    expect((await trail(cycle)).filter(({ name }) => name === 'cycle.review-reminded')).toMatchObject([
      { data: { overdue: false } },
    ]);
    expect(await refusal(run(staff, 'cycle.remind', { cycle }))).toBe('conflict');
    expect((await run(approver, 'cycle.complete', { cycle, version })).status).toBe('completed');
  });
});

describe('cycle.complete', () => {
  test('the approver completes what is in review, for good', async () => {
    const { cycle, version } = await reviewed();

    const done = await run(approver, 'cycle.complete', { cycle, version: String(version) }, `complete ${cycle}`);

    expect(done).toMatchObject({ status: 'completed', say: 'Checkout is completed. Thank you!' });
    expect(await stored(cycle)).toMatchObject({ status: 'completed', completed_at: expect.any(Date) });
    expect((await trail(cycle)).at(-1)).toMatchObject({
      name: 'cycle.completed',
      by_name: 'Acme Approver',
      before: { status: 'in_review' },
    });
    expect(await run(approver, 'cycle.complete', { cycle, version: String(version) }, `complete ${cycle}`)).toEqual(
      done,
    );
    for (const [who, name, input] of [
      [staff, 'cycle.start', {}],
      [staff, 'cycle.open-review', {}],
      [staff, 'cycle.remind', {}],
      [approver, 'cycle.complete', { version: done.version }],
      [approver, 'cycle.dispute', { version: done.version, reason: 'Too late' }],
      [staff, 'cycle.resolve', { version: done.version, resolution: 'Nothing', outcome: 'back_to_work' }],
    ] as const)
      expect(await refusal(run(who, name, { cycle, ...input }))).toBe('conflict');
  });

  test('staff and viewers cannot complete; nobody completes before the review', async () => {
    const { cycle, version } = await reviewed();
    const { cycle: working, version: then } = await started();

    for (const who of [staff, viewer])
      expect(await refusal(run(who, 'cycle.complete', { cycle, version }))).toBe('forbidden');
    expect(await refusal(run(approver, 'cycle.complete', { cycle: working, version: then }))).toBe('conflict');
  });

  test('a scope that changed in review must be signed again by both before it is completed', async () => {
    const { cycle, version } = await reviewed();
    const edited = await run(staff, 'cycle.edit-scope', { cycle, version, ...typed, deliverables: 'Basket page' });

    await expect(run(approver, 'cycle.complete', { cycle, version })).rejects.toMatchObject({
      code: 'stale',
      detail: { changes: [expect.stringContaining('Removed: Payment page')] },
    });
    await approve(staff, edited);
    expect(await refusal(run(approver, 'cycle.complete', { cycle, version: edited.version + 1 }))).toBe('conflict');
    await approve(approver, edited);
    expect((await run(approver, 'cycle.complete', { cycle, version: edited.version + 2 })).status).toBe('completed');
  });
});

describe('cycle.dispute and cycle.resolve', () => {
  test('a dispute has a reason, and keeps the review open until staff resolve it', async () => {
    const { cycle, version } = await disputed();

    expect(await stored(cycle)).toMatchObject({
      status: 'disputed',
      disputes: [{ reason: 'The basket forgets things', by_name: 'Acme Approver', resolved_at: null }],
    });
    expect((await trail(cycle)).at(-1)).toMatchObject({
      name: 'cycle.disputed',
      data: { reason: 'The basket forgets things' },
      after: { dispute: 'The basket forgets things' },
    });
    expect(await refusal(run(approver, 'cycle.complete', { cycle, version }))).toBe('conflict');
    expect(await refusal(run(approver, 'cycle.dispute', { cycle, version, reason: 'And more' }))).toBe('conflict');

    const resolved = await run(member, 'cycle.resolve', {
      cycle,
      version,
      resolution: 'It remembers now',
      outcome: 'back_to_review',
    });

    expect(await stored(cycle)).toMatchObject({
      status: 'in_review',
      review_closes_at: new Date('2026-11-09T22:00:00Z'),
      disputes: [
        {
          resolution: 'It remembers now',
          resolved_by: firm.member,
          resolved_by_name: 'Mia Member',
          resolved_at: expect.any(Date),
        },
      ],
    });
    expect((await trail(cycle)).at(-1)).toMatchObject({
      name: 'cycle.dispute-resolved',
      data: { outcome: 'back_to_review' },
    });
    expect((await run(approver, 'cycle.complete', { cycle, version: resolved.version })).status).toBe('completed');
  });

  test('a resolution can send the cycle back to work, and its next review may be disputed again', async () => {
    const first = await disputed();
    const working = await run(staff, 'cycle.resolve', {
      ...key(first),
      resolution: 'We mend it',
      outcome: 'back_to_work',
    });
    const again = await run(staff, 'cycle.open-review', { cycle: working.cycle });

    const second = await run(approver, 'cycle.dispute', { ...key(again), reason: 'It still forgets things' });

    expect(working.status).toBe('in_progress');
    expect((await stored(second.cycle)).disputes).toMatchObject([{ resolution: 'We mend it' }, { resolution: null }]);
  });

  test('only approvers dispute, only staff resolve, with words and on the present state', async () => {
    const { cycle, version } = await reviewed();
    const open = await disputed();
    const resolution = { resolution: 'Done', outcome: 'back_to_work' };

    for (const who of [staff, viewer])
      expect(await refusal(run(who, 'cycle.dispute', { cycle, version, reason: 'Not good' }))).toBe('forbidden');
    await expect(run(approver, 'cycle.dispute', { cycle, version, reason: ' no ' })).rejects.toMatchObject({
      code: 'invalid',
      detail: { fields: { reason: expect.any(String) } },
    });
    expect(await refusal(run(approver, 'cycle.dispute', { cycle, version: version - 1, reason: 'Not good' }))).toBe(
      'stale',
    );
    expect(await refusal(run(approver, 'cycle.resolve', { ...key(open), ...resolution }))).toBe('forbidden');
    expect(await refusal(run(staff, 'cycle.resolve', { ...key(open), version: open.version - 1, ...resolution }))).toBe(
      'stale',
    );
    expect(await refusal(run(staff, 'cycle.resolve', { ...key(open), resolution: 'Done', outcome: 'completed' }))).toBe(
      'invalid',
    );
    expect(await refusal(run(staff, 'cycle.resolve', { cycle, version, ...resolution }))).toBe('conflict');
  });

  test('repeated requests dispute and resolve once', async () => {
    const review = await reviewed();
    const dispute = { ...key(review), reason: 'Not good' };
    const open = await run(approver, 'cycle.dispute', dispute, 'dispute once');
    const resolve = { ...key(open), resolution: 'Good now', outcome: 'back_to_review' };
    const settled = await run(staff, 'cycle.resolve', resolve, 'resolve once');

    expect(await run(approver, 'cycle.dispute', dispute, 'dispute once')).toEqual(open);
    expect(await run(staff, 'cycle.resolve', resolve, 'resolve once')).toEqual(settled);
    expect((await stored(review.cycle)).disputes).toHaveLength(1);
  });
});

const key = ({ cycle, version }: Done) => ({ cycle, version });

describe('at the same time', () => {
  test('of completing and disputing exactly one wins; the loser is told, and one act is on record', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { cycle, version } = await reviewed();
      const press = (name: string, input: object) =>
        answerPress(app, approver, {
          press: { target: name, input: { cycle, version: String(version), ...input } },
          requestId: `${name} ${cycle}`,
        });
      const two = [() => press('cycle.complete', {}), () => press('cycle.dispute', { reason: 'Not as agreed' })];

      const answers = await Promise.all((round % 2 ? two.reverse() : two).map((act) => act()));

      expect(answers.map(({ kind }) => kind).sort()).toEqual(['done', 'stale']);
      expect(answers.find(({ kind }) => kind === 'stale')).toMatchObject({
        changes: [expect.stringMatching(/^(Completed|Disputed: Not as agreed) /)],
        card: { status: expect.stringMatching(/^(Completed|Disputed)$/) },
      });
      const acts = (await trail(cycle)).filter(({ name }) => name === 'cycle.completed' || name === 'cycle.disputed');
      expect(acts).toHaveLength(1);
      const { status, disputes } = await stored(cycle);
      expect(disputes).toHaveLength(status === 'disputed' ? 1 : 0);
    }
  });

  test('of approving and disputing exactly one wins', async () => {
    for (let round = 0; round < 4; round += 1) {
      const review = await reviewed();
      const edited = await run(staff, 'cycle.edit-scope', { ...key(review), ...typed, name: 'Changed in review' });
      const two = [
        () => refusal(approve(as(firm, firm.acme.clientAdmin), edited)),
        () => refusal(run(approver, 'cycle.dispute', { ...key(edited), reason: 'Not agreed' })),
      ];

      const outcomes = await Promise.all((round % 2 ? two.reverse() : two).map((act) => act()));

      expect(outcomes.filter((outcome) => outcome === 'was allowed')).toHaveLength(1);
      expect(
        (await trail(edited.cycle)).filter(({ name }, index) => index > 5 && /approved|disputed/.test(String(name))),
      ).toHaveLength(1);
    }
  });

  test('two approvers of one side sign once; the two sides do not get in each other’s way', async () => {
    const cycle = await planned();

    const outcomes = await Promise.all(
      [approver, as(firm, firm.acme.clientAdmin), staff].map((who) => refusal(approve(who, cycle))),
    );

    expect(outcomes.sort()).toEqual(['conflict', 'was allowed', 'was allowed']);
    expect((await stored(cycle.cycle)).approvals.map(({ side }) => side)).toEqual(['client', 'firm']);
  });
});

describe('by the clock', () => {
  const candidates = async () => {
    const { rows } = await app.database.pool.query('select id from parley_due_cycles($1) where tenant_id = $2', [
      app.clock.now(),
      firm.tenantId,
    ]);
    return rows.map(({ id }) => id as string);
  };
  const due = async (cycle: string) => {
    const ids = await candidates();
    const requests = await withActor(app, system, (context) => cycleSchedule.due(context, ids));
    return requests.filter(({ input }) => input.cycle === cycle);
  };
  const work = async (cycle: string) => {
    const requests = await due(cycle);
    for (const request of requests) await runCommand(app, system, request);
    return requests.map(({ name, requestId }) => [name, requestId]);
  };

  test('a cycle starts, opens its review and reminds by itself, each once, and is never completed by silence', async () => {
    const planning = await run(staff, 'cycle.plan', { project: firm.acme.project, ...typed, startsOn: '2026-11-03' });
    const { cycle } = planning;
    await approve(staff, planning);
    await approve(approver, planning);

    expect(await due(cycle)).toEqual([]);
    goTo('2026-11-03T04:59:00Z');
    expect(await due(cycle)).toEqual([]);
    goTo('2026-11-03T05:01:00Z');
    expect(await work(cycle)).toEqual([['cycle.start', `start:${cycle}`]]);
    expect(await due(cycle)).toEqual([]);

    goTo('2026-11-30T13:59:00Z');
    expect(await due(cycle)).toEqual([]);
    goTo('2026-11-30T14:01:00Z');
    expect(await work(cycle)).toEqual([['cycle.open-review', `review:${cycle}:1:2026-11-30T14:00:00.000Z`]]);
    expect(await stored(cycle)).toMatchObject({
      status: 'in_review',
      review_closes_at: new Date('2026-12-04T22:00:00Z'),
    });
    expect(await due(cycle)).toEqual([]);

    goTo('2026-12-03T22:01:00Z');
    expect(await work(cycle)).toEqual([['cycle.remind', `remind:${cycle}:2026-12-03T22:00:00.000Z`]]);
    expect(await due(cycle)).toEqual([]);
    goTo('2026-12-04T22:01:00Z');
    expect(await work(cycle)).toEqual([['cycle.remind', `remind:${cycle}:2026-12-04T22:00:00.000Z`]]);
    goTo('2026-12-11T22:01:00Z');
    expect(await work(cycle)).toEqual([['cycle.remind', `remind:${cycle}:2026-12-11T22:00:00.000Z`]]);

    const card = await showView(app, approver, { target: 'cycle.show', input: { cycle } });
    expect(card).toMatchObject({ status: 'Review overdue', tone: 'attention' });
    expect((await stored(cycle)).status).toBe('in_review');
  });

  test('a cycle that needs nothing now is not looked at again before it may, unless it changes', async () => {
    const { cycle, version } = await reviewed();
    expect(await candidates()).toContain(cycle);
    expect(await due(cycle)).toEqual([]);
    expect(await candidates()).not.toContain(cycle);

    const open = await run(approver, 'cycle.dispute', { cycle, version, reason: 'The header is missing' });
    expect(await candidates()).not.toContain(cycle);
    const answer = { resolution: 'It is there', outcome: 'back_to_review' };
    await run(staff, 'cycle.resolve', { cycle, version: open.version, ...answer });
    expect(await candidates()).toContain(cycle);
  });

  test('what is not signed does not start, and what was answered is not reminded of', async () => {
    const unsigned = await planned();
    const answered = await disputed();

    goTo('2027-01-15T15:00:00Z');

    expect((await due(unsigned.cycle)).map(({ name }) => name)).toEqual(['cycle.remind-approval']);
    expect(await due(answered.cycle)).toEqual([]);
    goTo('2026-11-02T15:00:00Z');
  });
});

describe('what is shown', () => {
  const show = (who: Who, target: string, input: Record<string, string>) => showView(app, who, { target, input });

  test('a room of the client sees the card with its buttons, in the client’s time zone', async () => {
    const { cycle, version } = await reviewed();

    const card = await show({ kind: 'audience', tenantId: firm.tenantId, roomId: firm.acme.room }, 'cycle.show', {
      cycle,
    });

    expect(card).toMatchObject({
      title: 'Checkout',
      status: 'In review',
      about: { entity: 'cycle', id: cycle, version },
    });
    expect(JSON.stringify(card)).toContain('Mon 9 Nov 2026, 17:00 (America/New_York)');
    expect(card.actions.map(({ label }) => label)).toEqual([
      'Looks good, complete',
      'Dispute…',
      'Reply…',
      'History',
      'Deliverables',
      'Tasks',
    ]);
  });

  test('nobody else’s cycle is shown', async () => {
    const { cycle } = await planned();
    for (const who of [as(firm, firm.globex.approver), as(firm, firm.acme.feedback)])
      expect(await refusal(show(who, 'cycle.show', { cycle }))).toBe('not_found');
  });

  test('a form opens for those who may send it, on the state that was on the screen', async () => {
    const { cycle, version } = await reviewed();
    const form = { cycle, version: String(version) };

    expect((await show(approver, 'cycle.dispute', form)).blocks).toContainEqual(
      expect.objectContaining({
        kind: 'form',
        submit: { label: 'Dispute', press: { target: 'cycle.dispute', input: form } },
      }),
    );
    expect(await refusal(show(viewer, 'cycle.dispute', form))).toBe('forbidden');
    expect(await refusal(show(approver, 'cycle.edit-scope', form))).toBe('forbidden');
    expect(await refusal(show(staff, 'cycle.edit-scope', { cycle, version: String(version - 1) }))).toBe('stale');
    expect(await refusal(show(approver, 'cycle.plan', {}))).toBe('forbidden');
  });

  test('the scope form sent back unchanged is no new version', async () => {
    const { cycle, version } = await planned();
    const card = await show(staff, 'cycle.edit-scope', { cycle, version: String(version) });
    const form = card.blocks.find((block) => block.kind === 'form');

    const input = Object.fromEntries(form?.fields.map(({ name, value }) => [name, value]) ?? []);

    expect(await refusal(run(staff, 'cycle.edit-scope', { ...form?.submit.press.input, ...input }))).toBe('conflict');
    expect(input).toEqual(typed);
  });

  test('the history has every version with its approvals, and what happened', async () => {
    const old = await signed();
    await run(staff, 'cycle.edit-scope', {
      ...key(old),
      ...typed,
      deliverables: `${typed.deliverables}\nGuest checkout`,
    });

    const card = await show(viewer, 'cycle.history', { cycle: old.cycle });

    expect(card.blocks).toMatchObject([
      {
        title: expect.stringMatching(/^Version 2, Ada Admin, /),
        items: [{ mark: 'added', text: 'Guest checkout' }, { mark: 'open' }, { mark: 'open' }],
      },
      {
        title: expect.stringMatching(/^Version 1, /),
        items: [
          {},
          { mark: 'done', text: 'Approved for Northwind Studio' },
          { mark: 'done', detail: expect.stringContaining('by mail, from a verified mail address') },
        ],
      },
      {
        kind: 'timeline',
        items: [
          { text: 'Planned' },
          { who: 'Ada Admin' },
          { who: 'Acme Approver' },
          { text: 'Scope version 2: Added: Guest checkout' },
        ],
      },
    ]);
  });

  test('the work order lists a project’s cycles, and staff can plan from it', async () => {
    const project = firm.acme.otherProject;
    for (const startsOn of ['2026-12-01', '2026-11-02'])
      await run(staff, 'cycle.plan', { ...typed, project, startsOn, endsOn: '2026-12-24', name: `From ${startsOn}` });

    const card = await show(staff, 'cycle.list', { project });

    expect(card.blocks).toMatchObject([
      { kind: 'facts', facts: [{ label: 'Upcoming', value: '2' }] },
      {
        items: [
          { text: 'From 2026-11-02', detail: 'Upcoming · 2 Nov 2026 – 24 Dec 2026' },
          { text: 'From 2026-12-01' },
        ],
      },
    ]);
    expect(card.actions.map(({ label }) => label)).toContain('Plan a cycle…');
    const theirs = await show(as(firm, firm.acme.clientAdmin), 'cycle.list', { project });
    expect(theirs.actions.map(({ label }) => label)).not.toContain('Plan a cycle…');
    expect(await refusal(show(approver, 'cycle.list', { project }))).toBe('not_found');
  });

  test('a plan form without a project offers those one may see', async () => {
    const fields = async (who: Who, input: Record<string, string>) => {
      const form = (await show(who, 'cycle.plan', input)).blocks.find((block) => block.kind === 'form');
      return form?.fields.find(({ name }) => name === 'project');
    };

    expect(await fields(member, {})).toMatchObject({
      options: [{ label: 'Acme app (Acme)' }, { label: 'Acme website (Acme)' }],
    });
    expect(await fields(member, { project: firm.acme.project })).toMatchObject({
      options: [{ label: 'Acme website (Acme)' }],
      value: firm.acme.project,
    });
    expect(await show(member, 'cycle.plan', { project: firm.globex.project })).toMatchObject({
      blocks: [{ kind: 'text', text: 'There is no open project to plan a cycle for.' }],
    });
  });
});

test('the client’s rooms hear of everything that asks them to look, triage of disputes and approvals', () => {
  const event = { about: { entity: 'cycle', id: 'c1' }, data: { message: 'm1', people: [] } } as unknown as Event;
  const heard = (audience: string) =>
    cycles.announcements
      .filter((announcement) =>
        announcement.audience(event).some((one) => 'audience' in one && one.audience === audience),
      )
      .map(({ on }) => on.replace('cycle.', ''));

  expect(heard('client').sort()).toEqual([
    'approval-reminded',
    'approved',
    'completed',
    'dispute-resolved',
    'disputed',
    'planned',
    'replied',
    'review-opened',
    'review-reminded',
    'scope-changed',
  ]);
  expect(heard('triage').sort()).toEqual(['approved', 'completed', 'disputed', 'noted', 'replied']);
  expect(heard('internal')).toContain('noted');
  expect(new Set(cycles.announcements.map(({ on }) => on)).size).toBe(cycles.announcements.length);
  expect(cycles.announcements.map((one) => [one.on, one.view(event).target])).toEqual(
    cycles.announcements.map(({ on }) => [
      on,
      on === 'cycle.replied' || on === 'cycle.noted' ? 'cycle.message' : cycle.show,
    ]),
  );
});
