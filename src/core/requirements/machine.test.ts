import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../kernel/errors.ts';
import { readOptions } from './asking.ts';
import type { Change } from './decisions.ts';
import { accept, change, decideFor, giveBack, provide, withdraw } from './decisions.ts';
import { isOverdueNew, lookAtOf, reminderDue } from './reminders.ts';
import { isOpen } from './rules.ts';
import type { By, Kind, Requirement, State } from './schema.ts';

const began = new Date('2026-11-20T12:00:00Z');
const hour = 3_600_000;
const by = (name: string): By => ({ personId: `${name} person`, name, channel: 'slack' });
const firm = by('Ada Admin');
const client = by('Acme Approver');

const made = (more: Partial<Requirement> = {}): Requirement => ({
  ...{ id: 'r1', number: 1, version: 1, clientId: 'acme', clientName: 'Acme', firmName: 'Northwind Studio' },
  ...{ projectId: 'p1', projectName: 'Shop', timezone: 'America/New_York', kind: 'words', title: 'The logo' },
  ...{ details: null, options: [], dueOn: '2026-11-26', askedBy: 'Ada Admin', round: 0, state: { status: 'asked' } },
  ...{ remindedAt: null, overdueAt: null, looked: null, files: [], createdAt: began, ...more },
});

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

describe('what is asked for', () => {
  test('is provided by a person alone', () => {
    expect(refused(() => provide(made(), 'Blue', { ...client, personId: null }, began)).code).toBe('forbidden');
  });

  test('is decided for one of the options there are, by its place', () => {
    const it = made({ kind: 'decision', options: ['Blue', 'Green'] });

    expect(decideFor(it, '2', client, began).state).toMatchObject({ given: { answer: 'Green' } });
    for (const place of ['0', '3', '-1', '1.5', 'Blue'])
      expect(refused(() => decideFor(it, place, client, began)).detail.fields?.option).toBe('is none of the 2 options');
  });

  test.each<[Kind, string, string]>([
    ['decision', 'Blue', 'needs at least two, one on each line'],
    ['decision', 'Blue\n\n Blue ', 'holds the same option twice'],
    ['decision', 'x'.repeat(76).concat('\nBlue'), 'may have at most 75 characters on a line; say more in the details'],
    ['decision', Array.from({ length: 26 }, (_, at) => `Option ${at}`).join('\n'), 'may have at most 25 options'],
    ['words', 'Blue\nGreen', 'are for a decision; leave them empty for anything else'],
  ])('of the kind %s has no options like these: %j', (kind, written, say) => {
    expect(refused(() => readOptions(kind, written)).detail.fields?.options).toBe(say);
  });

  test('is reminded of before its day, on it and after it, and not once it is provided', () => {
    const it = made();
    const nine = (day: string) => new Date(`${day}T14:00:00Z`);

    expect(reminderDue(it, nine('2026-11-22'))).toBeNull();
    expect(reminderDue(it, nine('2026-11-23'))).toEqual({ days: -3, at: nine('2026-11-23') });
    expect(reminderDue({ ...it, remindedAt: nine('2026-11-23') }, nine('2026-11-25'))).toBeNull();
    expect(reminderDue(it, nine('2026-11-30'))?.days).toBe(3);
    expect(reminderDue(provide(it, 'Blue', client, began), nine('2026-11-30'))).toBeNull();
    expect(lookAtOf(provide(it, 'Blue', client, began))).toBeNull();
  });

  test('is overdue when its day is over where the client is, and no hour before', () => {
    expect(isOverdueNew(made(), new Date('2026-11-27T04:59:59Z'))).toBe(false);
    expect(isOverdueNew(made(), new Date('2026-11-27T05:00:00Z'))).toBe(true);
  });

  test('that gets another day may become overdue once more', () => {
    const late = made({ overdueAt: began });

    expect(change(late, { dueOn: '2026-12-01' }).overdueAt).toBeNull();
    expect(change(late, { title: 'The logos' }).overdueAt).toBe(began);
  });
});

/** What somebody or the clock does next. */
interface Wish {
  name: 'provide' | 'decide' | 'accept' | 'return' | 'withdraw' | 'change' | 'clock';
  words: string;
  due: string | null;
  hours: number;
}

const wish: fc.Arbitrary<Wish> = fc.record({
  name: fc.constantFrom<Wish['name']>(
    ...(['provide', 'decide', 'accept', 'return', 'return', 'withdraw', 'change', 'clock', 'clock'] as const),
  ),
  words: fc.constantFrom('1', '2', '3', 'words'),
  due: fc.constantFrom(null, '2026-11-24', '2026-11-26', '2026-12-02'),
  hours: fc.constantFrom(0, 1, 5, 30, 75),
});

interface Told {
  what: 'reminder' | 'overdue';
  of: string;
  open: boolean;
}

/** A requirement, and what was told of it. */
class World {
  now = began;
  readonly told: Told[] = [];
  it: Requirement;

  constructor(kind: Kind) {
    this.it = made({ kind, options: kind === 'decision' ? ['Blue', 'Green'] : [] });
  }

  take(one: Wish): void {
    this.now = new Date(this.now.getTime() + one.hours * hour);
    if (one.name === 'clock') this.clock();
    else this.it = { ...this.decide(one), version: this.it.version + 1 };
  }

  private decide({ name, words, due }: Wish): Requirement {
    const { it, now } = this;
    const to: Change = { title: `Title ${words}`, dueOn: due };
    switch (name) {
      case 'decide':
        return decideFor(it, words, client, now);
      case 'provide':
        return provide(it, it.kind === 'words' ? words : null, client, now);
      case 'accept':
        return accept(it, firm, now);
      case 'return':
        return giveBack(it, 'Another one', firm, now);
      case 'withdraw':
        return withdraw(it, firm, now);
      default:
        return change(it, to);
    }
  }

  /** What the schedule does: it looks when it is time to. */
  private clock(): void {
    const at = lookAtOf(this.it);
    if (!at || at > this.now) return;
    const open = isOpen(this.it);
    const { dueOn } = this.it;
    if (isOverdueNew(this.it, this.now)) {
      this.it = { ...this.it, overdueAt: this.now };
      this.told.push({ what: 'overdue', of: `${dueOn}`, open });
    }
    const reminder = reminderDue(this.it, this.now);
    if (!reminder) return;
    this.it = { ...this.it, remindedAt: this.now };
    this.told.push({ what: 'reminder', of: `${dueOn} ${reminder.days}`, open });
  }
}

const NEXT: Readonly<Record<State['status'], readonly State['status'][]>> = {
  asked: ['asked', 'provided', 'withdrawn'],
  returned: ['returned', 'provided', 'withdrawn'],
  provided: ['provided', 'accepted', 'returned', 'withdrawn'],
  accepted: ['accepted'],
  withdrawn: ['withdrawn'],
};

describe('over any sequence of what people and the clock do', () => {
  test('nothing is accepted that was not provided, what is over stays so, and reminders end once it is provided', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(
        fc.constantFrom<Kind>('words', 'decision', 'secret', 'files'),
        fc.array(wish, { minLength: 1, maxLength: 40 }),
        (kind, wishes) => {
          const world = new World(kind);
          for (const one of wishes) {
            const before = world.it;
            try {
              world.take(one);
            } catch (error) {
              if (!(error instanceof DomainError)) throw error;
              // A refusal leaves everything as it was.
              expect(world.it).toBe(before);
            }
            reached.add(world.it.state.status);
            check(before, world);
          }
          const reminders = world.told.filter(({ what }) => what === 'reminder').map(({ of }) => of);
          expect(new Set(reminders).size).toBe(reminders.length);
        },
      ),
      { numRuns: 1_000 },
    );
    expect([...reached].sort()).toEqual(['accepted', 'asked', 'provided', 'returned', 'withdrawn']);
  });
});

function check(before: Requirement, { it, told }: World): void {
  expect(NEXT[before.state.status]).toContain(it.state.status);
  if (before.state.status === 'accepted' || before.state.status === 'withdrawn') expect(it).toBe(before);
  expect(told.every(({ open }) => open)).toBe(true);
  expect(it.round - before.round).toBe(it.state.status === 'provided' && before.state.status !== 'provided' ? 1 : 0);
  if (!isOpen(it)) expect(lookAtOf(it)).toBeNull();
  // What was provided stays as it was until it is returned and provided again.
  if ('given' in it.state && 'given' in before.state && it.round === before.round)
    expect(it.state.given).toEqual(before.state.given);
  if (before.state.status === 'provided') expect([it.title, it.dueOn]).toEqual([before.title, before.dueOn]);
}
