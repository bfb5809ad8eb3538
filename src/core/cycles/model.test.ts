import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TestApp } from '../../testing/app.ts';
import { testApp } from '../../testing/app.ts';
import type { TestFirm } from '../../testing/firm.ts';
import { as, makeFirm } from '../../testing/firm.ts';
import type { Who } from '../kernel/actor.ts';
import { withActor } from '../kernel/context.ts';
import { DomainError } from '../kernel/errors.ts';
import { runCommand } from '../kernel/registry.ts';
import { approve, editScope, start } from './agree.ts';
import { readDeliverables } from './content.ts';
import { readCycle } from './queries.ts';
import { complete, dispute, openReview, remind, resolve } from './review.ts';
import type { By, Cycle } from './schema.ts';
import { OUTCOMES, scopeOf } from './schema.ts';

let app: TestApp;
let firm: TestFirm;

beforeAll(async () => {
  app = await testApp();
  firm = await makeFirm(app.database);
});
afterAll(() => app.close());

const typed = {
  name: 'Checkout',
  startsOn: '2026-11-02',
  endsOn: '2026-11-27',
  deliverables: 'Basket page\nPayment page',
};
const NAMES = ['Checkout', 'Checkout 2', 'Vouchers'];

const ACTORS = ['staff', 'approver', 'viewer', 'system'] as const;
type ActorName = (typeof ACTORS)[number];

/** Who may do what, said once more and independently of the policies. */
const ALLOWED: Record<string, ActorName[]> = {
  'cycle.approve': ['staff', 'approver'],
  'cycle.edit-scope': ['staff', 'system'],
  'cycle.start': ['staff', 'system'],
  'cycle.open-review': ['staff', 'system'],
  'cycle.remind': ['staff', 'system'],
  'cycle.complete': ['approver'],
  'cycle.dispute': ['approver'],
  'cycle.resolve': ['staff', 'system'],
};

interface Wish {
  name: string;
  actor: ActorName;
  old: number;
  index: number;
  hours: number;
}

/** Mostly what such a person could press just then, sometimes anything by anybody. */
const wish: fc.Arbitrary<Wish> = fc
  .record({
    name: fc.constantFrom(
      ...Object.keys(ALLOWED),
      ...['cycle.approve', 'cycle.approve', 'cycle.approve', 'cycle.start', 'cycle.open-review', 'cycle.complete'],
    ),
    allowed: fc.nat(1),
    wild: fc.constantFrom<ActorName | null>(null, null, null, null, null, ...ACTORS),
    old: fc.constantFrom(0, 0, 0, 0, 0, 0, 1),
    index: fc.nat(2),
    hours: fc.integer({ min: 0, max: 400 }),
  })
  .map(({ allowed, wild, ...rest }) => ({ ...rest, actor: wild ?? actorFor(rest.name, allowed) }));

function actorFor(name: string, index: number): ActorName {
  return ALLOWED[name]?.[index] ?? ALLOWED[name]?.[0] ?? 'staff';
}

/** One way through everything, so that no command is left out whatever the random ones do. */
const WHOLE_LIFE: Wish[] = [
  ...(['approver', 'staff'] as const).map((actor) => ({ name: 'cycle.approve', actor })),
  { name: 'cycle.edit-scope', actor: 'staff' as const },
  ...(['approver', 'staff'] as const).map((actor) => ({ name: 'cycle.approve', actor })),
  { name: 'cycle.start', actor: 'system' as const },
  { name: 'cycle.open-review', actor: 'staff' as const },
  { name: 'cycle.remind', actor: 'staff' as const },
  { name: 'cycle.dispute', actor: 'approver' as const },
  { name: 'cycle.complete', actor: 'approver' as const },
  { name: 'cycle.resolve', actor: 'staff' as const },
  { name: 'cycle.complete', actor: 'approver' as const },
  { name: 'cycle.edit-scope', actor: 'staff' as const },
].map((one) => ({ ...one, old: 0, index: 2, hours: 30 }));

/** The command's input, as a button of a card `old` versions ago would bring it. */
function inputOf({ name, old, index }: Wish, cycle: Cycle): Record<string, unknown> {
  const base = { cycle: cycle.id };
  const version = String(cycle.version - old);
  switch (name) {
    case 'cycle.approve':
      return { ...base, hash: (cycle.versions.at(-1 - old) ?? scopeOf(cycle)).hash };
    case 'cycle.edit-scope':
      return { ...base, version, ...typed, name: NAMES[index] };
    case 'cycle.complete':
      return { ...base, version };
    case 'cycle.dispute':
      return { ...base, version, reason: `Reason ${index}` };
    case 'cycle.resolve':
      return { ...base, version, resolution: `Answer ${index}`, outcome: OUTCOMES[index % 2] };
    default:
      return base;
  }
}

/** What the pure rules make of the same wish. */
function modelled(cycle: Cycle, { name, actor, index }: Wish, input: Record<string, unknown>, now: Date): Cycle {
  if (!ALLOWED[name]?.includes(actor)) throw new DomainError('forbidden', '');
  const by = BY[actor](firm);
  const version = Number(input.version);
  const content = { ...typed, name: NAMES[index] ?? '', deliverables: readDeliverables(typed.deliverables) };
  switch (name) {
    case 'cycle.approve':
      return approve(cycle, { hash: String(input.hash) }, by, now);
    case 'cycle.edit-scope':
      return editScope(cycle, { version, content }, by, now);
    case 'cycle.start':
      return start(cycle, actor === 'system', now);
    case 'cycle.open-review':
      return openReview(cycle, actor === 'system', now);
    case 'cycle.remind':
      return remind(cycle, actor !== 'system', now);
    case 'cycle.complete':
      return complete(cycle, { version }, now);
    case 'cycle.dispute':
      return dispute(cycle, { version, id: 'd', reason: String(input.reason) }, by, now);
    default:
      return resolve(
        cycle,
        { version, resolution: String(input.resolution), outcome: OUTCOMES[index % 2] ?? 'back_to_work' },
        by,
        now,
      );
  }
}

type Signer = By & { personId: string };
const person = (personId: string, name: string, side: By['side']): Signer => ({
  personId,
  name,
  side,
  channel: 'slack',
  assurance: 'chat',
  timezone: 'UTC',
});
const BY: Record<ActorName, (of: TestFirm) => Signer> = {
  staff: ({ admin }) => person(admin, 'Ada Admin', 'firm'),
  approver: ({ acme }) => person(acme.approver, 'Acme Approver', 'client'),
  viewer: ({ acme }) => person(acme.viewer, 'Acme Viewer', 'client'),
  system: () => person('', 'Parley', 'firm'),
};

function whoIs(actor: ActorName): Who {
  if (actor === 'system') return { kind: 'system', tenantId: firm.tenantId, reason: 'test' };
  return as(firm, BY[actor](firm).personId);
}

/** Everything but ids of disputes and instants, which the two worlds choose each for themselves; closing times must agree. */
function comparable(cycle: Cycle): unknown {
  const plain = JSON.parse(
    JSON.stringify(cycle, (key, value) => (/At$|^at$/.test(key) && key !== 'closesAt' ? value && 'then' : value)),
  );
  for (const one of [...plain.resolved, ...(plain.dispute ? [plain.dispute] : [])]) delete one.id;
  return plain;
}

const codeOf = (error: unknown) => {
  if (error instanceof DomainError) return error.code;
  throw error;
};

test('random commands through the database end where the pure rules say', async () => {
  let count = 0;
  const outcomes: Record<string, number> = {};
  const read = async (id: string) => {
    const cycle = await withActor(app, whoIs('staff'), (context) => readCycle(context, id));
    if (!cycle) throw new Error('the cycle is gone');
    return cycle;
  };
  await fc.assert(
    fc.asyncProperty(fc.array(wish, { minLength: 12, maxLength: 24 }), async (sequence) => {
      app.clock.jump(Date.parse('2026-11-02T15:00:00Z') - app.clock.now().getTime());
      const ask = (who: Who, name: string, input: unknown) =>
        runCommand(app, who, { name, input, requestId: `m ${++count}` });
      const made = await ask(whoIs('staff'), 'cycle.plan', { project: firm.acme.project, ...typed });
      let model = await read((made.output as { cycle: string }).cycle);
      for (const one of sequence) {
        app.clock.jump(one.hours * 3_600_000);
        const input = inputOf(one, model);
        let expected: string = 'done';
        try {
          model = modelled(model, one, input, app.clock.now());
        } catch (error) {
          expected = codeOf(error);
        }
        const happened = await ask(whoIs(one.actor), one.name, input).then(() => 'done', codeOf);

        expect({ ...one, happened }).toEqual({ ...one, happened: expected });
        expect(comparable(await read(model.id))).toEqual(comparable(model));
        outcomes[`${one.name} ${happened}`] = (outcomes[`${one.name} ${happened}`] ?? 0) + 1;
      }
    }),
    // Each run is some forty transactions.
    { numRuns: 20, examples: [[WHOLE_LIFE]] },
  );

  for (const name of Object.keys(ALLOWED))
    expect({ name, done: outcomes[`${name} done`] ?? 0 }).not.toEqual({ name, done: 0 });
});
