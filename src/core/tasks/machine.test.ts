import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Actor, Person } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import { assign, move } from './decisions.ts';
import { tasks } from './index.ts';
import { canGoOn } from './rules.ts';
import type { Assignee, Part, Task } from './schema.ts';
import { task } from './task.ts';

/*
 * The rules of the commands themselves, over random sequences: what holds is said here once more, without them.
 */
const person = (id: string, side: 'staff' | 'contact'): Person => ({
  kind: 'person',
  tenantId: 'firm',
  personId: id,
  name: id,
  side,
  role: side === 'staff' ? 'admin' : 'client_member',
  clientId: side === 'staff' ? null : 'acme',
  memberships: side === 'staff' ? {} : { website: id === 'viewer' ? 'viewer' : 'approver' },
  grants: {},
  timezone: 'Europe/Berlin',
  channel: 'slack',
  assurance: 'chat',
});
const PEOPLE = {
  ada: person('ada', 'staff'),
  mia: person('mia', 'staff'),
  approver: person('approver', 'contact'),
  other: person('other', 'contact'),
  viewer: person('viewer', 'contact'),
} as const;
type Name = keyof typeof PEOPLE;

const NAMES = [
  'take',
  'start',
  'finish',
  'block',
  'unblock',
  'reopen',
  'drop',
  'change',
  'share',
  'make-internal',
] as const;
interface Wish {
  what: (typeof NAMES)[number] | 'assign' | 'move' | 'close';
  who: Name;
  to: Name | null;
  hours: number;
}
const wish: fc.Arbitrary<Wish> = fc.record({
  what: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...NAMES) },
    { weight: 4, arbitrary: fc.constant('assign' as const) },
    { weight: 1, arbitrary: fc.constantFrom('move' as const, 'close' as const) },
  ),
  who: fc.constantFrom<Name>('ada', 'ada', 'mia', 'approver', 'approver', 'other', 'viewer'),
  to: fc.constantFrom<Name | null>('ada', 'mia', 'approver', 'approver', null),
  hours: fc.integer({ min: 1, max: 40 }),
});

const FRESH: Task = {
  id: 't1',
  number: 12,
  clientId: 'acme',
  projectId: 'website',
  closed: false,
  part: null,
  internal: true,
  state: { status: 'open' },
  version: 1,
  title: 'Write the texts',
  description: null,
  assignee: null,
  dueOn: '2026-11-30',
  startedAt: null,
  createdBy: 'ada',
  createdAt: '2026-11-20T08:00:00.000Z',
};
/** Where a sequence begins: also where the client is to act, which random wishes alone reach too seldom. */
const theirs = (state: Task['state']): Task => ({
  ...FRESH,
  internal: false,
  assignee: { id: 'approver', name: 'approver', side: 'contact' },
  state,
});
const head = fc.constantFrom(FRESH, theirs({ status: 'open' }), theirs({ status: 'blocked', reason: 'No logos' }));
const PART: Part = { kind: 'phase', id: 'build' };

/** What the wish makes of the task, as its command decides; null where it is refused. */
function granted(it: Task, { what, who, to }: Wish, now: Date): Task | null {
  const actor: Actor = PEOPLE[who];
  const staff = actor.side === 'staff';
  if (what === 'close') return { ...it, closed: !it.closed };
  // Both look something up, so the rest of them is the commands’ own: see their tests.
  if (what === 'assign') {
    const assignee: Assignee | null = to && { id: to, name: to, side: PEOPLE[to].side };
    if (!staff || canGoOn(it) !== true || (it.internal && assignee?.side === 'contact')) return null;
    return { ...assign(it, assignee), version: it.version + 1 };
  }
  if (what === 'move') return staff ? { ...move(it, it.part ? null : PART), version: it.version + 1 } : null;
  const command = tasks.commands.find(({ name }) => name === `task.${what}`);
  if (!command) throw new Error(`there is no command task.${what}`);
  const { rules } = command as unknown as { rules: { when(it: Task, actor: Actor): unknown; decide: Decide } };
  if (!command.policy(actor, it) || rules.when(it, actor) !== true) return null;
  const decided = rules.decide(
    it,
    { reason: 'The logos are missing', title: `Title of ${now.getTime()}` },
    { actor, now },
  );
  return JSON.stringify(decided) === JSON.stringify(it) ? null : { ...decided, version: it.version + 1 };
}
type Decide = (it: Task, input: Record<string, string>, by: { actor: Actor; now: Date }) => Task;

/** What is broken from one state to the next. */
function broken(before: Task, after: Task, { what, who }: Wish): string[] {
  const actor = PEOPLE[who];
  const isMine = before.assignee?.id === who;
  const unfinished = (it: Task) => it.state.status !== 'done' && it.state.status !== 'dropped';
  const hold: Record<string, boolean> = {
    'nobody of the client has what they cannot see': !(after.internal && after.assignee?.side === 'contact'),
    'a viewer does nothing': who !== 'viewer' || what === 'close',
    'a contact does what is theirs, and changes how far it is alone':
      actor.side === 'staff' ||
      what === 'close' ||
      (isMine && !before.internal && JSON.stringify(frame(before)) === JSON.stringify(frame(after))),
    'only what is blocked says why': (after.state.status === 'blocked') === 'reason' in after.state,
    'only what is done says when': (after.state.status === 'done') === 'doneAt' in after.state,
    'what is done or in progress was begun':
      !['done', 'in_progress'].includes(after.state.status) || after.startedAt !== null,
    'it is begun before it is done': after.state.status !== 'done' || (after.startedAt ?? '') <= after.state.doneAt,
    'what was finished begins anew by being reopened':
      unfinished(before) || !unfinished(after) || (what === 'reopen' && after.state.status === 'open'),
    'what is blocked is not done at once': before.state.status !== 'blocked' || after.state.status !== 'done',
    'nothing begins in a closed project':
      !before.closed || !after.closed || before.state.status === after.state.status || !unfinished(after),
    'what is finished is nobody else’s': unfinished(before) || before.assignee?.id === after.assignee?.id,
    'each change is counted once': what === 'close' || after.version === before.version + 1,
  };
  return Object.keys(hold).filter((promise) => !hold[promise]);
}

/** What a contact never changes. */
function frame({ state: _state, startedAt: _began, version: _version, ...rest }: Task) {
  return rest;
}

test('no sequence of wishes breaks what a task promises', () => {
  const reached: Record<string, number> = {};
  fc.assert(
    fc.property(head, fc.array(wish, { minLength: 8, maxLength: 40 }), (first, sequence) => {
      let it = first;
      let now = new Date('2026-11-23T08:00:00Z');
      for (const one of sequence) {
        now = new Date(now.getTime() + one.hours * 3_600_000);
        const next = granted(it, one, now);
        if (!next) continue;
        const promises = broken(it, next, one);
        if (promises.length) throw new Error(`${one.what} by ${one.who} broke: ${promises.join('; ')}`);
        for (const state of [next.state.status, `${one.what} by ${PEOPLE[one.who].side}`])
          reached[state] = (reached[state] ?? 0) + 1;
        it = next;
      }
    }),
    { numRuns: 3000 },
  );

  // A property over states that are never reached would prove nothing.
  const states = ['open', 'in_progress', 'blocked', 'done', 'dropped'];
  const byContacts = ['start', 'finish', 'block', 'unblock'].map((what) => `${what} by contact`);
  const byStaff = [...NAMES, 'assign', 'move'].map((what) => `${what} by staff`);
  for (const state of [...states, ...byContacts, ...byStaff])
    expect({ state, often: (reached[state] ?? 0) > 50 }).toEqual({ state, often: true });
});

test('a day that is over is refused where it is new, and kept where nobody touches it', () => {
  const { rules } = tasks.commands.find(({ name }) => name === 'task.change') as unknown as {
    rules: { decide: Decide };
  };
  const change = (it: Task, input: Record<string, string>, now: string, timezone = 'Europe/Berlin') =>
    rules.decide(it, input, { actor: { ...PEOPLE.ada, timezone }, now: new Date(now) });

  expect(() => change(FRESH, { due: '2026-11-22' }, '2026-11-23T08:00:00Z')).toThrow(DomainError);
  expect(change(FRESH, { due: '2026-11-30', title: 'Write' }, '2026-12-05T08:00:00Z').title).toBe('Write');
  // 25 October 2026 has 25 hours in Berlin: at 22:30 in UTC it is that day still, and an hour later the next one.
  expect(change(FRESH, { due: '2026-10-25' }, '2026-10-25T22:30:00Z').dueOn).toBe('2026-10-25');
  expect(() => change(FRESH, { due: '2026-10-25' }, '2026-10-25T23:30:00Z')).toThrow('is over already');
  expect(change(FRESH, { due: '2026-10-25' }, '2026-10-25T23:30:00Z', 'America/New_York').dueOn).toBe('2026-10-25');
  expect(task.called(FRESH)).toBe('T12');
});
