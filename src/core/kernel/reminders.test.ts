import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { comingReminders, dueOf } from './reminders.ts';

const HOUR = 60 * 60_000;
const zones = ['UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Chatham'];

/** A hub that looks at a thing at these moments, and sends what is due. @returns the days whose reminders were sent, in order */
function sent(looks: readonly Date[], thing: { day: string; days: number[]; timezone: string; quietUntil: number }) {
  const days: number[] = [];
  let remindedAt: Date | null = null;
  for (const now of looks) {
    const due = dueOf(comingReminders({ ...thing, remindedAt }), now);
    if (!due) continue;
    expect(due.at <= now).toBe(true);
    days.push(due.days);
    remindedAt = now;
  }
  return days;
}

test('each reminder is sent once, in its order, however often somebody looks and whatever the hub missed', () => {
  const from = Date.parse('2026-03-01T00:00:00Z');
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: -10, max: 20 }), { minLength: 1, maxLength: 5 }),
      fc.constantFrom(...zones),
      fc.array(fc.integer({ min: 0, max: 50 * 24 }), { maxLength: 40 }),
      fc.integer({ min: 0, max: 20 * 24 }),
      (many, timezone, hours, quiet) => {
        const days = many.toSorted((one, other) => one - other);
        const looks = hours.toSorted((one, other) => one - other).map((hour) => new Date(from + hour * HOUR));
        const quietUntil = from + quiet * HOUR;
        const told = sent(looks, { day: '2026-03-20', days, timezone, quietUntil });

        // None twice, none after a later one.
        expect(told).toEqual([...new Set(told)].toSorted((one, other) => one - other));
        if (looks.every((at) => at.getTime() <= quietUntil)) expect(told).toEqual([]);
        // Whoever looks after all of them has sent the last one that was not to be left out.
        const last = comingReminders({ day: '2026-03-20', days, timezone, quietUntil, remindedAt: null }).at(-1);
        const [end] = looks.slice(-1);
        if (last && end && end >= last.at) expect(told.at(-1)).toBe(last.days);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('they come at nine in the morning where the client is, also on the days on which clocks are set', () => {
  const thing = { day: '2026-03-29', days: [-1, 0, 1], timezone: 'Europe/Berlin', quietUntil: 0, remindedAt: null };
  expect(comingReminders(thing).map(({ at }) => at.toISOString())).toEqual([
    '2026-03-28T08:00:00.000Z',
    '2026-03-29T07:00:00.000Z',
    '2026-03-30T07:00:00.000Z',
  ]);
});
