import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../kernel/errors.ts';
import { contentHash, seenHash } from './content.ts';
import { lookAtOf, reminderDue } from './reminders.ts';
import { agreeOn, approve, askForChanges, leaveOut, reopen, share, withdraw } from './review.ts';
import type { By, Deliverable, Share } from './schema.ts';
import { lastShare } from './schema.ts';

const began = new Date('2026-11-26T12:00:00Z');
const hour = 3_600_000;
const by = (name: string): By => ({ personId: `${name} person`, name, channel: 'slack', assurance: 'chat' });
const firm = by('Ada Admin');
const client = by('Acme Approver');
const WORK = { link: 'https://example.com/draft', note: null };

const planned = (more: Partial<Deliverable> = {}): Deliverable => ({
  ...{
    id: 'd1',
    number: 1,
    version: 1,
    clientId: 'acme',
    clientName: 'Acme',
    firmName: 'Northwind Studio',
    projectId: 'p1',
  },
  ...{ projectName: 'Shop', cycleId: 'c1', cycleName: 'Checkout', closed: false, timezone: 'America/New_York' },
  ...{ inScope: true, name: 'Basket page', description: 'desktop', state: { status: 'planned' }, shares: [] },
  ...{ remindedAt: null, createdAt: began, ...more },
});
const shared = (it = planned(), now = began) => share(it, WORK, firm, now);
const seen = (it: Deliverable) => ({ hash: seenHash(lastShare(it)?.hash ?? '') });
const approved = (it: Deliverable, now = began) => approve(it, seen(it), client, now);

/** The refusal of a decision. */
function refused(decide: () => unknown): DomainError {
  try {
    decide();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('was not refused');
}

describe('approving', () => {
  test('an older version than the one that stands changes nothing, and says what was shared since', () => {
    const first = shared();
    const second = share(first, { link: 'https://example.com/second', note: null }, firm, began);

    expect(refused(() => approve(second, seen(first), client, began))).toMatchObject({
      code: 'stale',
      say: 'This is not what stands of D1 now. Nothing was decided.',
      detail: {
        changes: [
          'Version 2 was shared after version 1',
          'Link: https://example.com/draft → https://example.com/second',
        ],
      },
    });
  });

  test('the same link that was shared again is another version', () => {
    const first = shared();

    expect(refused(() => approve(shared(first), seen(first), client, began)).code).toBe('stale');
  });

  test('twice, or after the cycle is completed, is refused with who did before or why', () => {
    const it = shared();

    expect(refused(() => approved(approved(it))).say).toBe('Acme Approver approved D1 already.');
    expect(refused(() => approved({ ...it, closed: true })).say).toBe(
      'Checkout is completed: nothing of it is decided any more.',
    );
  });

  test('what was never shared is refused', () => {
    expect(refused(() => approve(planned(), { hash: seenHash('x'.repeat(43)) }, client, began)).code).toBe('stale');
    expect(refused(() => approve(planned(), { hash: '' }, client, began)).code).toBe('stale');
  });

  test('is a person’s: the system approves and shares nothing', () => {
    const it = shared();

    expect(refused(() => approve(it, seen(it), { ...client, personId: null }, began)).code).toBe('forbidden');
    expect(refused(() => share(planned(), WORK, { ...firm, personId: null }, began)).code).toBe('forbidden');
  });
});

describe('the scope that both sides signed', () => {
  test('with another description takes the approval off, and leaves it under its version', () => {
    const it = agreeOn(approved(shared()), 'desktop and mobile');

    expect(it.state.status).toBe('planned');
    expect(it.shares[0]?.decision).toMatchObject({ kind: 'approved', byName: 'Acme Approver' });
    expect(refused(() => approve(it, seen(it), client, began)).say).toBe('D1 has to be shared anew.');
  });

  test('with the same description leaves it as it stands', () => {
    const it = approved(shared());

    expect(agreeOn(it, 'desktop')).toEqual(it);
  });

  test('that names it no more takes it out, unless it was approved; named again it is planned', () => {
    expect(leaveOut(approved(shared()), firm, began)).toMatchObject({ state: { status: 'approved' }, inScope: false });
    const out = leaveOut(shared(), firm, began);
    expect(out.state).toMatchObject({ status: 'withdrawn' });
    expect(agreeOn(out, 'desktop').state).toEqual({ status: 'planned' });
  });

  test('does not put in again what somebody took out by hand', () => {
    expect(agreeOn(withdraw(shared(), firm, began), 'desktop').state.status).toBe('withdrawn');
  });
});

describe('the client', () => {
  test('is reminded two, five and ten days after it was shared, at nine where they are, and once where the hub was off', () => {
    const it = shared();
    const at = (day: string, hours = '14') => new Date(`2026-${day}T${hours}:00:00Z`);

    expect(lookAtOf(it)).toEqual(at('11-28'));
    expect(reminderDue(it, at('11-28', '13'))).toBeNull();
    expect(reminderDue(it, at('11-28'))?.at).toEqual(at('11-28'));
    expect(reminderDue(it, at('12-03'))?.at).toEqual(at('12-01'));
    expect(reminderDue({ ...it, remindedAt: at('12-03') }, at('12-05'))).toBeNull();
    expect(lookAtOf({ ...it, remindedAt: at('12-03') })).toEqual(at('12-06'));
    expect(lookAtOf({ ...it, remindedAt: at('12-07') })).toBeNull();
  });

  test('is reminded of nothing that is decided, withdrawn or of a completed cycle', () => {
    const late = new Date('2026-12-20T12:00:00Z');
    const it = shared();

    for (const ended of [approved(it), askForChanges(it, { reason: 'Red' }, client, began), withdraw(it, firm, began)])
      expect([reminderDue(ended, late), lookAtOf(ended)]).toEqual([null, null]);
    expect(reminderDue({ ...it, closed: true }, late)).toBeNull();
  });
});

/** What somebody does next. `seen` says which version they press on, counted from the last one. */
interface Wish {
  name: string;
  seen: number;
  text: string | null;
  hours: number;
}

const NAMES = ['share', 'approve', 'ask', 'withdraw', 'reopen', 'agree', 'leave', 'remind', 'complete'];
const wish: fc.Arbitrary<Wish> = fc.record({
  name: fc.constantFrom(...NAMES, 'share', 'share', 'approve', 'approve', 'ask', 'agree'),
  seen: fc.constantFrom(0, 0, 0, 1, 2, 9),
  text: fc.constantFrom(null, 'desktop', 'mobile', 'https://example.com/a'),
  hours: fc.constantFrom(0, 0, 5, 30, 60),
});

function take(it: Deliverable, { name, seen: back, text }: Wish, now: Date): Deliverable {
  switch (name) {
    case 'share':
      return share(it, { link: text?.startsWith('https:') ? text : null, note: text }, firm, now);
    case 'approve':
      return approve(it, { hash: seenHash(it.shares.at(-1 - back)?.hash ?? 'x'.repeat(43)) }, client, now);
    case 'ask':
      return askForChanges(it, { reason: text ?? 'Too red' }, client, now);
    case 'withdraw':
      return withdraw(it, firm, now);
    case 'reopen':
      return reopen(it);
    case 'agree':
      return it.closed ? it : agreeOn(it, text);
    case 'leave':
      return it.closed ? it : leaveOut(it, firm, now);
    case 'remind':
      return reminderDue(it, now) ? { ...it, remindedAt: now } : it;
    default:
      return { ...it, closed: true };
  }
}

describe('over any sequence of what people do', () => {
  test('nothing is approved that was changed, an approval names the version that stands, and what was said stays', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(wish, { minLength: 1, maxLength: 40 }), (wishes) => {
        let it = planned();
        let now = began;
        for (const one of wishes) {
          now = new Date(now.getTime() + one.hours * hour);
          const before = it;
          try {
            it = take(it, one, now);
          } catch (error) {
            if (!(error instanceof DomainError)) throw error;
          }
          reached.add(it.state.status);
          check(before, it, one);
        }
      }),
      { numRuns: 1_000 },
    );
    expect([...reached].sort()).toEqual(['approved', 'changes_wanted', 'in_review', 'planned', 'withdrawn']);
  });
});

function check(before: Deliverable, it: Deliverable, { name, seen: back }: Wish): void {
  const last = lastShare(it);
  for (const [index, one] of it.shares.entries()) checkShare(it, before.shares[index], one, index);
  switch (it.state.status) {
    case 'approved':
      expect(last?.decision).toMatchObject({ kind: 'approved', hash: last?.hash });
      expect(last?.content).toMatchObject({ number: it.shares.length, name: it.name, description: it.description });
      // Whoever approved pressed on the very version that stands.
      if (before.state.status !== 'approved') expect([name, back]).toEqual(['approve', 0]);
      break;
    case 'changes_wanted':
      expect(last?.decision).toMatchObject({ kind: 'changes_wanted', hash: last?.hash });
      break;
    case 'in_review':
      expect(last?.decision).toBeNull();
      break;
    case 'planned':
    case 'withdrawn':
      expect(lookAtOf(it)).toBeNull();
  }
  if (before.closed) expect(it).toEqual(before);
}

/** What was shared is as it was, and what was said of it was said once. */
function checkShare(it: Deliverable, before: Share | undefined, one: Share, index: number): void {
  expect(one.hash).toBe(contentHash(one.content));
  expect(one.content.number).toBe(index + 1);
  if (!before) return;
  expect({ ...one, decision: null }).toEqual({ ...before, decision: null });
  if (before.decision) expect(one.decision).toEqual(before.decision);
  // Only what was shared last is decided about.
  if (!before.decision && one.decision) expect(index).toBe(it.shares.length - 1);
}
