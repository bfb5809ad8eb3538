import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Actor } from '../kernel/actor.ts';
import { DomainError } from '../kernel/errors.ts';
import { fingerprint } from '../kernel/fingerprint.ts';
import {
  agreedOf,
  book,
  dispute,
  hashed,
  invoice,
  notAgreedOf,
  release,
  send,
  setBudget,
  sign,
  usedOf,
  warn,
} from './month.ts';
import type { By, Line, Period } from './period-schema.ts';
import { byOf } from './period-schema.ts';

const began = new Date('2026-12-01T09:00:00Z');
const by = (name: string): By => ({ personId: `${name} person`, name, channel: 'slack', assurance: 'chat' });
const firm = by('Ada Admin');
const client = by('Acme Approver');

const fresh = (more: Partial<Period> = {}): Period =>
  hashed({
    ...{
      id: 'p1',
      version: 1,
      clientId: 'acme',
      clientName: 'Acme',
      firmName: 'Northwind Studio',
      projectId: 'website',
    },
    ...{ projectName: 'Acme website', month: '2026-11', budget: null, approved: 0, isAsked: false, entries: [] },
    ...{
      timezone: 'America/New_York',
      unbilled: 0,
      warned: { at80: null, at100: null },
      remindedAt: null,
      invoiced: null,
    },
    state: { status: 'open' },
    ...more,
  });

const line = (id: string, minutes: number, more: Partial<Line> = {}): Line => ({
  ...{ id, personId: 'mia', personName: 'Mia Member', day: '2026-11-12', minutes, note: 'Header', part: null },
  ...{ isBeyond: false, ...more },
});
const signing = (period: Period, hash = period.hash) => sign(period, { hash, changes: [] }, client, began);

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

describe('what is agreed', () => {
  test('is gone beyond by the entry that does, which says so from then on; a shorter one no longer', () => {
    const at50 = book(fresh({ budget: 60 }), null, line('e1', 50));
    const at70 = book(at50, null, line('e2', 20));

    expect(at70.entries.map(({ id, isBeyond }) => [id, isBeyond])).toEqual([
      ['e1', false],
      ['e2', true],
    ]);
    expect(notAgreedOf(at70)).toBe(10);
    // Approved afterwards: the month has nothing that was not agreed, and the entry was worked before that.
    const approved = hashed({ ...at70, approved: 60 });
    expect(notAgreedOf(approved)).toBe(0);
    const noted = book(approved, line('e2', 20, { isBeyond: true }), line('e2', 20, { note: 'Footer' }));
    expect(noted.entries[1]).toMatchObject({ note: 'Footer', isBeyond: true });
    const shorter = book(approved, line('e2', 20, { isBeyond: true }), line('e2', 10));
    expect(shorter.entries[1]?.isBeyond).toBe(false);
  });

  test('is nothing where no budget was set: then nothing goes beyond it, and of nothing is warned', () => {
    const period = book(fresh({ approved: 30 }), null, line('e1', 1_000));

    expect([agreedOf(period), notAgreedOf(period), warn(period).level]).toEqual([null, 0, null]);
    expect(period.entries[0]?.isBeyond).toBe(false);
  });

  test.each<[number, number | null]>([
    [79, null],
    [80, 80],
    [99, 80],
    [100, 100],
    [140, 100],
  ])('at %d of a hundred minutes warns of %j', (minutes, level) => {
    expect(warn(book(fresh({ budget: 100 }), null, line('e1', minutes))).level).toBe(level);
  });

  test('is warned of once each, and anew when more was agreed', () => {
    const first = warn(book(fresh({ budget: 100 }), null, line('e1', 100)));
    expect(first.level).toBe(100);
    expect(warn(book(first.after, null, line('e2', 5))).level).toBe(null);
    expect(warn(setBudget(first.after, 90)).level).toBe(null);
    expect(warn(setBudget(first.after, 120)).level).toBe(80);
    // Less was agreed on, and then more, but not more than the team was told of before.
    const at80 = warn(book(fresh({ budget: 100 }), null, line('e1', 80))).after;
    const less = warn(setBudget(at80, 50));
    expect(less.level).toBe(100);
    expect(warn(setBudget(less.after, 90)).level).toBe(null);
    expect(refused(() => setBudget(first.after, 100)).say).toContain('has a budget of 1h 40m already');
  });
});

describe('a signature', () => {
  test('is of exactly what was on the screen, and whoever saw something else is told what changed', () => {
    const sent = send(book(fresh(), null, line('e1', 60)), firm, began);
    const changed = book(sent, null, line('e2', 30));

    const error = refused(() => sign(changed, { hash: sent.hash, changes: ['New: Footer'] }, client, began));
    expect(error).toMatchObject({ code: 'stale', detail: { changes: ['New: Footer'] } });
    expect(error.say).toBe('November 2026 of Acme website changed since this was drawn. Nothing was signed.');
    expect(signing(changed).state).toMatchObject({ status: 'signed', signature: { hash: changed.hash } });
  });

  test('is a person’s, of what was sent', () => {
    const sent = send(book(fresh(), null, line('e1', 60)), firm, began);
    const system: Actor = { kind: 'system', tenantId: 'firm', reason: 'test', timezone: 'UTC' };

    expect(refused(() => byOf(system)).code).toBe('forbidden');
    expect(refused(() => signing(fresh())).say).toBe('November 2026 of Acme website was not sent yet.');
    const disputed = dispute(sent, 'Too many', client, began);
    expect(refused(() => signing(disputed)).say).toContain('Northwind Studio looks at it again');
    expect(refused(() => send(fresh(), firm, began)).say).toContain('there is nothing to sign');
  });

  test('ends all changes, as an invoice does until it is void', () => {
    const open = book(fresh(), null, line('e1', 60));
    const signed = signing(send(open, firm, began));
    const billed = invoice(open, { invoice: 'i1', minutes: 60 }, began);

    for (const decide of [
      () => book(signed, null, line('e2', 5)),
      () => book(signed, line('e1', 60), null),
      () => setBudget(signed, 5),
    ])
      expect(refused(decide).say).toBe('November 2026 of Acme website is signed: its hours stay as they are.');
    expect(refused(() => book(billed, null, line('e2', 5))).say).toContain('unless the invoice is void');
    expect(book(release(billed, 'i1'), null, line('e2', 5)).entries).toHaveLength(2);
    expect(refused(() => release(billed, 'i2')).code).toBe('conflict');
    expect(refused(() => invoice(open, { invoice: 'i2', minutes: 59 }, began)).say).toBe(
      'November 2026 of Acme website holds 1h by now, and not 59m.',
    );
  });

  test('does not depend on the order in which entries were logged', () => {
    const [one, other] = [line('e1', 60), line('e2', 30, { day: '2026-11-02' })];

    expect(fresh({ entries: [one, other] }).hash).toBe(fresh({ entries: [other, one] }).hash);
    for (const change of [{ minutes: 61 }, { note: 'Footer' }, { day: '2026-11-13' }, { personName: 'Paul' }])
      expect(fresh({ entries: [{ ...one, ...change }, other] }).hash).not.toBe(fresh({ entries: [one, other] }).hash);
    expect(fresh({ budget: 60, entries: [one] }).hash).not.toBe(fresh({ entries: [one] }).hash);
  });
});

/** What somebody does next. */
interface Wish {
  name: string;
  minutes: number;
  which: number;
  hash: 'current' | 'old';
}

const NAMES = ['change', 'delete', 'budget', 'approve', 'dispute', 'invoice', 'release'];
const wish: fc.Arbitrary<Wish> = fc.record({
  name: fc.oneof(
    { weight: 4, arbitrary: fc.constant('log') },
    { weight: 3, arbitrary: fc.constantFrom('send', 'sign') },
    { weight: 5, arbitrary: fc.constantFrom(...NAMES) },
  ),
  minutes: fc.integer({ min: 1, max: 120 }),
  which: fc.nat({ max: 20 }),
  hash: fc.constantFrom<Wish['hash']>('current', 'current', 'old'),
});

/** A month, what was logged in it as somebody counts it on paper, and what the team was told. */
class World {
  period = fresh();
  readonly paper = new Map<string, number>();
  readonly told: { level: number; agreed: number }[] = [];
  seen = this.period.hash;
  count = 0;

  take(wish: Wish): void {
    const before = this.period;
    const target = before.entries[wish.which % Math.max(1, before.entries.length)]?.id;
    const { after, level } = this.noted(this.decide(wish));
    this.period = after;
    if (level !== null) this.told.push({ level, agreed: agreedOf(after) ?? 0 });
    this.write(wish, target);
    if (wish.name === 'send') this.seen = before.hash;
  }

  private noted(decided: Period): ReturnType<typeof warn> {
    return decided.hash === this.period.hash ? { after: decided, level: null } : warn(decided);
  }

  private line({ which }: Wish): Line {
    const { entries } = this.period;
    const found = entries[which % Math.max(1, entries.length)];
    if (!found) throw new DomainError('not_found', 'There is none.');
    return found;
  }

  private decide(wish: Wish): Period {
    const { period } = this;
    const { minutes } = wish;
    switch (wish.name) {
      case 'log':
        return book(period, null, line(`e${this.count + 1}`, minutes, { day: `2026-11-${10 + (wish.which % 20)}` }));
      case 'change':
        return book(period, this.line(wish), { ...this.line(wish), minutes });
      case 'delete':
        return book(period, this.line(wish), null);
      case 'budget':
        return setBudget(period, minutes * 4);
      case 'approve':
        // The client answers a request of a month that is not signed: see overrun.approve.
        if (period.state.status === 'signed') throw new DomainError('conflict', 'It is signed.');
        return hashed({ ...period, approved: period.approved + minutes });
      case 'send':
        return send(period, firm, began);
      case 'sign':
        return signing(period, wish.hash === 'old' ? this.seen : period.hash);
      case 'dispute':
        return dispute(period, 'Too many', client, began);
      case 'invoice':
        return invoice(
          period,
          { invoice: `i${wish.which % 2}`, minutes: usedOf(period) - (wish.which % 3 ? 0 : 1) },
          began,
        );
      default:
        return release(period, `i${wish.which % 2}`);
    }
  }

  /** On paper: what the decision did, said once more without it. */
  private write({ name, minutes }: Wish, target: string | undefined): void {
    if (name === 'log') {
      this.count += 1;
      this.paper.set(`e${this.count}`, minutes);
    }
    if (!target) return;
    if (name === 'delete') this.paper.delete(target);
    if (name === 'change') this.paper.set(target, minutes);
  }
}

/** What is broken from one state to the next. */
function broken(before: Period, { period, paper, told }: World, { name }: Wish): string[] {
  const sum = [...paper.values()].reduce((all, minutes) => all + minutes, 0);
  const { projectId, month, budget, approved, entries, state } = period;
  const content = (it: Period) => JSON.stringify([it.entries, it.budget, it.approved]);
  const wasClosed = before.state.status === 'signed' || before.invoiced !== null;
  const levels = [80, 100].map((level) => told.filter((one) => one.level === level).map(({ agreed }) => agreed));
  const hold: Record<string, boolean> = {
    'used is the sum of the entries': usedOf(period) === sum,
    'the hash is that of the content': period.hash === fingerprint({ projectId, month, budget, approved, entries }),
    'what is signed is what was signed': state.status !== 'signed' || state.signature.hash === period.hash,
    'what is signed stays': before.state.status !== 'signed' || JSON.stringify(state) === JSON.stringify(before.state),
    'nothing of a closed month changes': !wasClosed || name === 'approve' || content(before) === content(period),
    'it is sent before it is signed': state.status !== 'signed' || ['sent', 'signed'].includes(before.state.status),
    'each warning is given once for what is agreed': levels.every((of) =>
      of.every((one, at) => one > (of[at - 1] ?? 0)),
    ),
    'a warning is due': told.every(({ agreed }) => agreed > 0),
    'what is invoiced was there': period.invoiced === null || period.invoiced.minutes === usedOf(period),
  };
  return Object.keys(hold).filter((promise) => !hold[promise]);
}

test('no sequence of wishes breaks what a month promises', () => {
  const reached: Record<string, number> = {};
  const note = (what: string) => {
    reached[what] = (reached[what] ?? 0) + 1;
  };
  fc.assert(
    fc.property(fc.array(wish, { minLength: 5, maxLength: 50 }), (wishes) => {
      const world = new World();
      for (const one of wishes) {
        const before = world.period;
        const warnings = world.told.length;
        try {
          world.take(one);
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          // A refusal leaves everything as it was.
          expect(world.period).toBe(before);
          note(`${error.code} ${one.name}`);
          continue;
        }
        const promises = broken(before, world, one);
        if (promises.length) throw new Error(`${one.name} broke: ${promises.join('; ')}`);
        note(world.period.state.status);
        note(one.name);
        if (world.told.length > warnings) note(`told of ${world.told.at(-1)?.level}`);
        if (world.period.entries.some(({ isBeyond }) => isBeyond)) note('beyond');
      }
    }),
    { numRuns: 3_000 },
  );

  // A property over states that are never reached would prove nothing.
  const states = ['open', 'sent', 'disputed', 'signed', 'told of 80', 'told of 100', 'beyond', 'stale sign'];
  for (const what of [...states, 'log', 'change', 'delete', 'budget', 'approve', 'invoice', 'release', 'conflict log'])
    expect({ what, often: (reached[what] ?? 0) > 50 }).toEqual({ what, often: true });
});
