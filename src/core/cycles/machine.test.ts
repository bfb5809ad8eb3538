import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../kernel/errors.ts';
import { agreeThrough, approve, countAgain, editScope, plan, start } from './agree.ts';
import type { Content } from './content.ts';
import { contentHash } from './content.ts';
import { complete, dispute, openReview, remind, resolve } from './review.ts';
import type { By, Cycle, Party } from './schema.ts';
import { OUTCOMES, scopeOf, signedByBoth } from './schema.ts';

const content: Content = {
  name: 'Checkout',
  startsOn: '2026-11-02',
  endsOn: '2026-11-27',
  deliverables: [{ title: 'Basket page' }, { title: 'Payment page' }],
};
const contents: Content[] = [
  content,
  { ...content, name: 'Checkout 2' },
  { ...content, endsOn: '2026-12-04' },
  { ...content, deliverables: [{ title: 'Basket page', detail: 'mobile' }] },
];

const by = (side: Party): By & { personId: string } => ({
  personId: `${side} person`,
  name: side === 'firm' ? 'Ada Admin' : 'Acme Approver',
  side,
  channel: 'slack',
  assurance: 'chat',
  timezone: 'Europe/Berlin',
});
const firm = by('firm');
const client = by('client');
const began = new Date('2026-11-02T15:00:00Z');
const later = (hours: number) => new Date(began.getTime() + hours * 3_600_000);

type Approvers = Cycle['approvers'];
const ANYBODY: Approvers = { needed: 1, order: [], people: [{ id: 'client person', name: 'Acme Approver' }] };

const planned = (approvers = ANYBODY) =>
  plan(
    {
      id: 'c1',
      clientId: 'acme',
      clientName: 'Acme',
      firmName: 'Northwind Studio',
      projectId: 'p1',
      projectName: 'Acme website',
      calendar: { timezone: 'America/New_York', holidays: [] },
      approvers,
      reviewDays: 5,
    },
    content,
    firm,
    began,
  );
const sign = (cycle: Cycle, ...sides: Party[]) =>
  sides.reduce((one, side) => approve(one, { hash: scopeOf(one).hash }, by(side), began), cycle);
const working = () => start(sign(planned(), 'firm', 'client'), false, began);
const reviewed = () => openReview(working(), false, later(1));
const disputed = () => dispute(reviewed(), { version: 5, id: 'd1', reason: 'No vouchers' }, client, later(2));

/** The refusal of a decision, which must leave the cycle as it was. */
function refused(decide: () => Cycle): DomainError {
  try {
    decide();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('agreeing', () => {
  test('each side approves a version once, and the second attempt is told by whom and when', () => {
    const cycle = sign(planned(), 'client');

    const error = refused(() => sign(cycle, 'client'));

    expect(error.code).toBe('conflict');
    expect(error.say).toBe('Acme Approver approved this for Acme already, on Mon 2 Nov 2026, 16:00 (Europe/Berlin).');
    expect(sign(cycle, 'firm').versions[0].approvals.map(({ side }) => side)).toEqual(['client', 'firm']);
  });

  test('an approval of an older scope changes nothing and says what changed', () => {
    const cycle = sign(planned(), 'firm', 'client');
    const after = { ...content, deliverables: [...content.deliverables, { title: 'Guest checkout' }] };
    const edited = editScope(cycle, { version: 3, content: after }, firm, began);

    const error = refused(() => approve(edited, { hash: scopeOf(cycle).hash }, client, began));

    expect(error).toMatchObject({
      code: 'stale',
      detail: { changes: ['Added: Guest checkout'], show: { target: 'cycle.show', input: { cycle: 'c1' } } },
    });
  });

  test('a change after both signed is a version of its own; the old one keeps its approvals', () => {
    const cycle = sign(planned(), 'firm', 'client');

    const edited = editScope(cycle, { version: 3, content: { ...content, name: 'Checkout 2' } }, firm, later(1));

    expect(edited.versions.map(({ number, approvals }) => [number, approvals.length])).toEqual([
      [1, 2],
      [2, 0],
    ]);
  });

  test('an edit of an older state says what happened since', () => {
    const cycle = sign(planned(), 'client');

    expect(
      refused(() => editScope(cycle, { version: 1, content: { ...content, name: 'X' } }, firm, began)),
    ).toMatchObject({
      code: 'stale',
      detail: { changes: ['Approved the scope for Acme (Acme Approver)'] },
    });
  });

  test('an edit without a difference is refused', () => {
    expect(refused(() => editScope(planned(), { version: 1, content: { ...content } }, firm, began)).code).toBe(
      'conflict',
    );
  });

  test('moving the last day moves the review, but not one that is open', () => {
    const moved = { ...content, endsOn: '2026-12-04' };

    expect(editScope(working(), { version: 4, content: moved }, firm, began).review.opensAt).toEqual(
      new Date('2026-12-07T14:00:00Z'),
    );
    expect(editScope(reviewed(), { version: 5, content: moved }, firm, began).review).toEqual(reviewed().review);
  });

  test('work starts once both have approved, by itself not before the first day', () => {
    const early = new Date('2026-11-02T04:59:00Z');
    const both = sign(planned(), 'firm', 'client');

    expect(refused(() => start(sign(planned(), 'firm'), false, began)).say).toContain('Still to approve: Acme.');
    expect(refused(() => start(both, true, early)).say).toBe('The start is not due yet.');
    expect(start(both, true, began).status).toBe('in_progress');
  });
});

describe('reviewing', () => {
  const due = new Date('2026-11-30T14:02:00Z');

  test('a review opened on time closes as announced; earlier or later, the client still gets all its days', () => {
    expect(openReview(working(), true, due).review).toEqual({
      opensAt: due,
      closesAt: new Date('2026-12-04T22:00:00Z'),
    });
    expect(openReview(working(), false, began).review.closesAt).toEqual(new Date('2026-11-09T22:00:00Z'));
    expect(openReview(working(), true, new Date('2026-12-02T15:00:00Z')).review.closesAt).toEqual(
      new Date('2026-12-09T22:00:00Z'),
    );
    expect(refused(() => openReview(working(), true, began)).say).toBe('The review is not due yet.');
  });

  test('the client completes what is in review and signed by both, on the state that was on the screen', () => {
    expect(complete(reviewed(), { version: 5 }, later(2))).toMatchObject({ status: 'completed', version: 6 });
    expect(refused(() => complete(working(), { version: 4 }, later(2))).say).toBe('The review has not opened yet.');
    const edited = editScope(reviewed(), { version: 5, content: { ...content, name: 'X' } }, firm, later(2));
    expect(refused(() => complete(edited, { version: 5 }, later(2)))).toMatchObject({
      code: 'stale',
      detail: { changes: ['Scope version 2: Name: Checkout → X (Ada Admin)'] },
    });
    expect(refused(() => complete(edited, { version: 6 }, later(2))).say).toContain('Northwind Studio and Acme');
  });

  test('a dispute stops completing, approving and editing until it is resolved', () => {
    const cycle = disputed();

    expect(refused(() => complete(cycle, { version: 6 }, later(3))).say).toContain('disputed');
    expect(refused(() => complete(cycle, { version: 5 }, later(3)))).toMatchObject({
      code: 'stale',
      detail: { changes: ['Disputed: No vouchers (Acme Approver)'] },
    });
    expect(
      refused(() => editScope(cycle, { version: 6, content: { ...content, name: 'X' } }, firm, later(3))).code,
    ).toBe('conflict');
    const unsigned = editScope(reviewed(), { version: 5, content: { ...content, name: 'X' } }, firm, later(1));
    const frozen = dispute(unsigned, { version: 6, id: 'd', reason: 'Not agreed' }, client, later(2));
    expect(refused(() => sign(frozen, 'firm')).code).toBe('conflict');
  });

  test('a resolved dispute goes back to a fresh review week, or to work that is reviewed again', () => {
    const answer = (outcome: 'back_to_review' | 'back_to_work', now: Date) =>
      resolve(disputed(), { version: 6, resolution: 'Vouchers are in', outcome }, firm, now);

    expect(answer('back_to_review', new Date('2026-12-02T15:00:00Z'))).toMatchObject({
      status: 'in_review',
      review: { closesAt: new Date('2026-12-09T22:00:00Z') },
      resolved: [{ reason: 'No vouchers', resolution: 'Vouchers are in', resolvedByName: 'Ada Admin' }],
    });
    // Before the cycle's end the review opens as planned; after it, work gets as many days as a review.
    expect(answer('back_to_work', later(3)).review.opensAt).toEqual(new Date('2026-11-30T14:00:00Z'));
    expect(answer('back_to_work', new Date('2026-12-02T15:00:00Z')).review.opensAt).toEqual(
      new Date('2026-12-10T14:00:00Z'),
    );
    expect(
      refused(() => resolve(reviewed(), { version: 5, resolution: 'Done', outcome: 'back_to_work' }, firm, began)).say,
    ).toBe('There is no open dispute.');
  });

  test('a fresh review week has not been reminded of', () => {
    const reminded = dispute(
      remind(reviewed(), true, later(2)),
      { version: 5, id: 'd1', reason: 'No' },
      client,
      later(3),
    );
    const wish = { version: 6, resolution: 'Yes', outcome: 'back_to_review' } as const;

    expect(resolve(reminded, wish, firm, later(4)).remindedAt).toBeNull();
  });

  test('a reminder leaves the version as it is, and people remind at most once an hour', () => {
    const once = remind(reviewed(), true, later(2));

    expect(once).toMatchObject({ version: 5, remindedAt: later(2) });
    expect(refused(() => remind(once, true, later(2.5))).code).toBe('conflict');
    expect(remind(once, true, later(3)).remindedAt).toEqual(later(3));
    expect(remind(once, false, later(2.5)).remindedAt).toEqual(later(2.5));
    expect(refused(() => remind(disputed(), false, later(3))).code).toBe('conflict');
  });
});

/** One random wish; `old` chooses among the states and hashes that were ever on a screen. */
type Wish = { kind: keyof typeof wishes; side: Party; old: number; content: number; outcome: number; hours: number };

const wishes = {
  edit: (cycle, { content: index, old }, now) =>
    editScope(cycle, { version: cycle.version - old, content: contents[index] ?? content }, firm, now),
  approve: (cycle, { side, old }, now) =>
    approve(cycle, { hash: (cycle.versions.at(-1 - old) ?? scopeOf(cycle)).hash }, by(side), now),
  start: (cycle, { old }, now) => start(cycle, old > 0, now),
  open: (cycle, { old }, now) => openReview(cycle, old > 0, now),
  remind: (cycle, { old }, now) => remind(cycle, old > 0, now),
  complete: (cycle, { old }, now) => complete(cycle, { version: cycle.version - old }, now),
  dispute: (cycle, { old }, now) =>
    dispute(cycle, { version: cycle.version - old, id: `d${now.getTime()}`, reason: 'Not as agreed' }, client, now),
  resolve: (cycle, { outcome, old }, now) =>
    resolve(
      cycle,
      { version: cycle.version - old, resolution: 'Settled', outcome: OUTCOMES[outcome] ?? 'back_to_work' },
      firm,
      now,
    ),
} satisfies Record<string, (cycle: Cycle, wish: Omit<Wish, 'kind'>, now: Date) => Cycle>;

/** Weighted, so that most sequences get as far as a review and many to its end. */
const kinds = fc.oneof(
  ...Object.entries({ edit: 1, approve: 6, start: 3, open: 4, remind: 1, complete: 3, dispute: 2, resolve: 3 }).map(
    ([kind, weight]) => ({ weight, arbitrary: fc.constant(kind as Wish['kind']) }),
  ),
);

const randomWish: fc.Arbitrary<Wish> = fc.record({
  kind: kinds,
  side: fc.constantFrom<Party>('firm', 'client'),
  old: fc.constantFrom(0, 0, 0, 0, 0, 0, 1, 2),
  content: fc.nat(contents.length - 1),
  outcome: fc.nat(1),
  hours: fc.integer({ min: 1, max: 100 }),
});

/** Where a sequence begins: also late in a cycle's life, which random wishes alone reach too seldom. */
const randomHead = fc.constantFrom(() => planned(), working, reviewed, disputed);

/** The few contents of this file, hashed once. */
const hashes = new Map(contents.map((one) => [one, contentHash(one)]));
const hashOf = (one: Content) => hashes.get(one);

/** What is broken from one state to the next, said without using the rules under test. */
function broken(before: Cycle, after: Cycle, kind: Wish['kind']): string[] {
  const [signed, completed] = [signedByBoth(scopeOf(after)), after.status === 'completed'];
  const hold: Record<string, boolean> = {
    'an approval is for the content it stands under': after.versions.every(
      ({ content: signedContent, hash, approvals }) =>
        [hash, ...approvals.map((approval) => approval.hash)].every((one) => one === hashOf(signedContent)),
    ),
    'a side approves a version once': after.versions.every(
      ({ approvals }) => new Set(approvals.map(({ side }) => side)).size === approvals.length,
    ),
    'versions and their approvals stay on record': before.versions.every((version, index) => {
      const { approvals = [], agreedAt, ...kept } = after.versions[index] ?? {};
      // The client agrees to a version once, and that stays as well.
      const agreed = version.agreedAt === null ? null : agreedAt;
      return isDeepStrictEqual(
        { ...kept, agreedAt: agreed, approvals: approvals.slice(0, version.approvals.length) },
        version,
      );
    }),
    'resolved disputes stay on record': isDeepStrictEqual(
      after.resolved.slice(0, before.resolved.length),
      before.resolved,
    ),
    'completed stays completed': before.status !== 'completed',
    'only what is in review and signed by both is completed': !completed || (before.status === 'in_review' && signed),
    'nothing completed is disputed': !completed || !('dispute' in after),
    'a dispute ends by being resolved':
      before.status !== 'disputed' || after.resolved.some((one) => one.id === before.dispute.id),
    'work begins on what both signed': before.status !== 'upcoming' || after.status === 'upcoming' || signed,
    'nothing becomes upcoming again': before.status === 'upcoming' || after.status !== 'upcoming',
    'a scope is frozen while disputed':
      before.status !== 'disputed' || isDeepStrictEqual(before.versions, after.versions),
    'a review closes after it opens': after.review.closesAt > after.review.opensAt,
    'every decision counts, a reminder does not': after.version === before.version + (kind === 'remind' ? 0 : 1),
  };
  return Object.keys(hold).filter((promise) => !hold[promise]);
}

test('no sequence of wishes breaks what the machine promises', () => {
  const reached: Record<string, number> = {};
  fc.assert(
    fc.property(randomHead, fc.array(randomWish, { minLength: 8, maxLength: 30 }), (head, sequence) => {
      let cycle = head();
      let now = later(3);
      for (const wish of sequence) {
        now = new Date(now.getTime() + wish.hours * 3_600_000);
        const next = granted(() => wishes[wish.kind](cycle, wish, now));
        if (!next) continue;
        const promises = broken(cycle, next, wish.kind);
        if (promises.length) throw new Error(`${wish.kind} broke: ${promises.join('; ')}`);
        for (const state of [next.status, `after ${next.resolved.length} disputes`])
          reached[state] = (reached[state] ?? 0) + 1;
        cycle = next;
      }
    }),
    { numRuns: 3000 },
  );

  // A property over states that are never reached would prove nothing.
  for (const state of ['upcoming', 'in_progress', 'in_review', 'disputed', 'completed', 'after 2 disputes'])
    expect({ state, often: (reached[state] ?? 0) > 50 }).toEqual({ state, often: true });
});

/** The next state, or null for what is not allowed: a refusal with words for people, which leaves the cycle as it was. */
function granted(decide: () => Cycle): Cycle | null {
  try {
    return decide();
  } catch (error) {
    if (error instanceof DomainError && ['conflict', 'stale'].includes(error.code)) return null;
    throw error;
  }
}

/* Several approvers: who may approve, and what is asked of them, changes between their approvals. */

const PEOPLE = ['ann', 'ben', 'cleo', 'dora'].map((id) => ({ id, name: id }));
const signer = (id: string) => ({ ...client, personId: id, name: id });

interface Move {
  kind: 'sign' | 'sign' | 'edit' | 'rule' | 'people' | 'count' | 'firm' | 'through';
  who: number;
  some: number[];
  needed: number | null;
  old: number;
}

const someOf = (indexes: readonly number[]) => [...new Set(indexes)].flatMap((index) => PEOPLE[index] ?? []);
const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom<Move['kind']>(
    'sign',
    'sign',
    'sign',
    'sign',
    'sign',
    'edit',
    'rule',
    'people',
    'count',
    'firm',
    'through',
  ),
  who: fc.nat(3),
  some: fc.array(fc.nat(3), { maxLength: 3 }),
  needed: fc.constantFrom(1, 2, 2, 3, 4, null),
  old: fc.constantFrom(0, 0, 0, 0, 1),
});

/** What each move makes of a cycle. */
function moved(cycle: Cycle, { kind, who, some, needed, old }: Move): Cycle {
  const scope = scopeOf(cycle);
  const named = someOf(some);
  const hash = (cycle.versions.at(-1 - old) ?? scope).hash;
  switch (kind) {
    case 'sign':
      return approve(cycle, { hash }, signer(PEOPLE[who]?.id ?? ''), later(cycle.version));
    case 'through':
      return agreeThrough(
        cycle,
        { hash },
        named.map(({ id }) => signer(id)),
        later(cycle.version),
      );
    case 'firm':
      return approve(cycle, { hash }, firm, later(cycle.version));
    case 'edit':
      return editScope(
        cycle,
        { version: cycle.version, content: contents[who] ?? content },
        firm,
        later(cycle.version),
      );
    case 'rule':
      return { ...cycle, approvers: { ...cycle.approvers, needed, order: named } };
    case 'people':
      return { ...cycle, approvers: { ...cycle.approvers, people: named } };
    case 'count':
      return countAgain(cycle, later(cycle.version));
  }
}

/** Is it enough, said once more and without the rules under test? */
function enough({ needed, order, people }: Approvers, signed: ReadonlySet<string>): boolean {
  const everybody = people.length > 0 && people.every(({ id }) => signed.has(id));
  const inOrder = order.every(({ id }) => signed.has(id) || !people.some((one) => one.id === id));
  return (needed === null ? everybody : signed.size >= needed) && inOrder;
}

test('a client agrees with no fewer of its approvers than its rule asks for, each once, in its order, of that very content', () => {
  const reached: Record<string, number> = {};
  const note = (what: string) => {
    reached[what] = (reached[what] ?? 0) + 1;
  };
  fc.assert(
    fc.property(fc.array(move, { minLength: 6, maxLength: 40 }), fc.constantFrom(1, 2, 3, null), (moves, needed) => {
      let cycle = planned({ needed, order: [], people: PEOPLE });
      for (const one of moves) {
        if (one.kind === 'through' && !one.some.length) continue;
        const next = granted(() => moved(cycle, one));
        if (!next) note(`${one.kind} refused`);
        if (!next || next === cycle) continue;
        const [was, is] = [scopeOf(cycle), scopeOf(next)];
        const signed = (version: typeof is) => version.approvals.filter(({ side }) => side === 'client');
        const people = new Set(signed(is).map(({ personId }) => personId));
        expect(people.size).toBe(signed(is).length);
        for (const version of next.versions)
          expect(new Set([version.hash, ...version.approvals.map(({ hash }) => hash)]).size).toBe(1);
        if (one.kind === 'sign') {
          const last = signed(is).at(-1)?.personId ?? '';
          // Whoever signs may do so now, and nobody is named before them who may and has not.
          expect(cycle.approvers.people.map(({ id }) => id)).toContain(last);
          const waiting = cycle.approvers.order.find(
            ({ id }) =>
              cycle.approvers.people.some((who) => who.id === id) &&
              !signed(was).some(({ personId }) => personId === id),
          );
          if (waiting) expect(last).toBe(waiting.id);
          expect(is.agreedAt !== null).toBe(enough(next.approvers, people));
        }
        if (is.agreedAt && is.number === was.number && !was.agreedAt) {
          note(`agreed by ${one.kind}`);
          if (one.kind !== 'through') expect(enough(next.approvers, people)).toBe(true);
          expect(people.size).toBeGreaterThan(0);
        }
        // What was agreed on stays so under its version, and a new version begins with nobody's approval.
        for (const [index, version] of cycle.versions.entries())
          if (version.agreedAt) expect(next.versions[index]?.agreedAt).toEqual(version.agreedAt);
        if (is.number > was.number) expect([is.approvals, is.agreedAt]).toEqual([[], null]);
        cycle = next;
      }
    }),
    { numRuns: 3000 },
  );

  for (const what of ['agreed by sign', 'agreed by count', 'agreed by through', 'sign refused'])
    expect({ what, often: (reached[what] ?? 0) > 5 }).toEqual({ what, often: true });
});

describe('several approvers', () => {
  const [ann, ben, cleo] = PEOPLE as [(typeof PEOPLE)[0], (typeof PEOPLE)[0], (typeof PEOPLE)[0]];
  const asked = (approvers: Partial<Approvers>) =>
    planned({ needed: 2, order: [], people: [ann, ben, cleo], ...approvers });
  const signs = (cycle: Cycle, { id }: { id: string }) =>
    approve(cycle, { hash: scopeOf(cycle).hash }, signer(id), began);

  test('out of turn are told who comes first', () => {
    expect(refused(() => signs(asked({ order: [ben, ann] }), ann))).toMatchObject({
      code: 'conflict',
      say: 'You cannot approve Checkout now: ben must approve first.',
    });
    expect(refused(() => signs(signs(asked({ order: [ben] }), ben), ben)).say).toBe(
      'ben approved this for Acme already, on Mon 2 Nov 2026, 16:00 (Europe/Berlin). Still to approve: Northwind Studio and Acme (ann or cleo).',
    );
  });

  test('who are no approvers any more do not sign, and what they signed still counts', () => {
    const signed = signs(asked({}), ann);
    const gone = { ...signed, approvers: { ...signed.approvers, people: [ben] } };

    expect(refused(() => signs({ ...gone, approvers: { ...gone.approvers, people: [cleo] } }, ben)).say).toBe(
      'You cannot approve Checkout now: only approvers of the client can do this.',
    );
    expect(scopeOf(signs(gone, ben)).agreedAt).toEqual(began);
  });

  test('all of whom must approve are those who may now; nobody is not all', () => {
    const signed = signs(asked({ needed: null, people: [ann, ben] }), ann);
    const left = (people: Approvers['people']) => ({ ...signed, approvers: { ...signed.approvers, people } });

    expect(scopeOf(signed).agreedAt).toBeNull();
    expect(scopeOf(countAgain(left([ann]), later(1))).agreedAt).toEqual(later(1));
    expect(scopeOf(countAgain(left([]), later(1))).agreedAt).toBeNull();
  });

  test('a rule that asks for less makes an agreement of what was signed, once it is counted; one that asks for more undoes none', () => {
    const signed = signs(asked({}), ann);
    const agreed = countAgain({ ...signed, approvers: { ...signed.approvers, needed: 1 } }, later(1));

    expect(agreed).toMatchObject({ version: signed.version + 1, versions: [{ agreedAt: later(1) }] });
    expect(countAgain({ ...agreed, approvers: { ...agreed.approvers, needed: 3 } }, later(2)).versions).toEqual(
      agreed.versions,
    );
  });
});
