import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TIERS } from '../kernel/event.ts';
import type { Question } from './decide.ts';
import { decide } from './decide.ts';
import type { Quiet, Settings } from './schema.ts';
import { CHANNELS, DEFAULTS, PACES } from './schema.ts';
import { nextDigest, quietUntil } from './times.ts';

const BERLIN = 'Europe/Berlin';
const noon = new Date('2026-11-26T11:00:00Z');
const night = new Date('2026-11-26T22:30:00Z');

const asked = (more: Partial<Question> = {}): Question => ({
  ...{ tier: 'standard', topic: 'tickets', settings: DEFAULTS, timezone: BERLIN, now: noon, isOwnAct: false },
  ...{ mayRead: true, isOver: false },
  channels: [
    { name: 'slack', isReachable: true },
    { name: 'email', isReachable: true },
  ],
  ...more,
});
const settings = (more: Partial<Settings>): Settings => ({ ...DEFAULTS, ...more });
const quiet: Quiet = { from: 20, to: 7 };

describe('how somebody is told', () => {
  test('at once, by the first of their channels, where they set nothing', () => {
    expect(decide(asked())).toEqual({ decision: 'sent', channels: ['slack'], reason: 'default' });
  });

  test('by the channel that they chose', () => {
    const topics = { tickets: { channel: 'email' as const } };

    expect(decide(asked({ settings: settings({ topics }) }))).toMatchObject({ channels: ['email'], reason: 'chosen' });
    expect(decide(asked({ settings: settings({ topics }), topic: 'hours' }))).toMatchObject({ channels: ['slack'] });
  });

  test('by the next channel where that one cannot be reached, mail last', () => {
    const channels: Question['channels'] = [
      { name: 'email', isReachable: true },
      { name: 'teams', isReachable: true },
      { name: 'slack', isReachable: false },
    ];
    const topics = { tickets: { channel: 'slack' as const } };

    expect(decide(asked({ channels, settings: settings({ topics }) }))).toEqual({
      decision: 'sent',
      channels: ['teams'],
      reason: 'fallback',
    });
  });

  test('not at all where no channel can be reached', () => {
    expect(decide(asked({ channels: [] }))).toEqual({ decision: 'none', reason: 'no-channel' });
  });

  test('when their quiet hours end', () => {
    expect(decide(asked({ now: night, settings: settings({ quiet }) }))).toEqual({
      decision: 'held',
      until: new Date('2026-11-27T06:00:00Z'),
      reason: 'quiet-hours',
    });
  });

  test('of what cannot wait at once and by every channel, whatever they set', () => {
    const topics = { tickets: { pace: 'never' as const, channel: 'email' as const } };

    expect(
      decide(asked({ tier: 'critical', now: night, settings: settings({ quiet, topics, digest: false }) })),
    ).toEqual({
      decision: 'sent',
      channels: ['email', 'slack'],
      reason: 'critical',
    });
  });

  test('of what is for information with the digest', () => {
    expect(decide(asked({ tier: 'informational' }))).toEqual({
      decision: 'digest',
      at: new Date('2026-11-27T07:00:00Z'),
      reason: 'informational',
    });
  });

  test('once a day or on Monday where they chose that, after their quiet hours', () => {
    const paced = (pace: 'daily' | 'weekly', more: Partial<Settings> = {}) =>
      decide(asked({ settings: settings({ topics: { tickets: { pace } }, ...more }) }));

    expect(paced('daily')).toMatchObject({ at: new Date('2026-11-27T07:00:00Z'), reason: 'daily' });
    expect(paced('weekly')).toMatchObject({ at: new Date('2026-11-30T07:00:00Z'), reason: 'weekly' });
    expect(paced('daily', { quiet: { from: 20, to: 10 } })).toMatchObject({ at: new Date('2026-11-27T09:00:00Z') });
    expect(paced('daily', { digest: false })).toEqual({ decision: 'none', reason: 'digest-off' });
  });

  test.each([
    ['what they did themselves', { isOwnAct: true }, 'own-act'],
    ['what they may not see', { mayRead: false }, 'no-right'],
    ['what is over', { isOver: true }, 'over'],
    ['a topic that they turned off', { settings: settings({ topics: { tickets: { pace: 'never' } } }) }, 'never'],
  ] as const)('not of %s', (_what, more, reason) => {
    expect(decide(asked(more))).toEqual({ decision: 'none', reason });
  });
});

const zone = fc.constantFrom(
  ...[
    BERLIN,
    'America/New_York',
    'America/Santiago',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
    'Asia/Kathmandu',
    'UTC',
  ],
  ...['Africa/Cairo', 'Asia/Beirut'],
);
const moment = fc.date({ min: new Date('2024-01-01'), max: new Date('2029-01-01'), noInvalidDate: true });
const hours = fc
  .record({ from: fc.integer({ min: 0, max: 23 }), to: fc.integer({ min: 0, max: 23 }) })
  .filter(({ from, to }) => from !== to);
const question: fc.Arbitrary<Question> = fc.record({
  tier: fc.constantFrom(...TIERS),
  topic: fc.constantFrom('tickets', 'cycles'),
  settings: fc.record({
    topics: fc.dictionary(
      fc.constantFrom('tickets', 'cycles'),
      fc.record(
        { pace: fc.constantFrom(...PACES), channel: fc.constantFrom(...CHANNELS), was: fc.constantFrom(...PACES) },
        { requiredKeys: [] },
      ),
    ),
    digest: fc.boolean(),
    digestHour: fc.integer({ min: 0, max: 23 }),
    digestChannel: fc.option(fc.constantFrom(...CHANNELS)),
    quiet: fc.option(hours),
  }),
  timezone: zone,
  now: moment,
  isOwnAct: fc.boolean(),
  mayRead: fc.boolean(),
  isOver: fc.boolean(),
  channels: fc.uniqueArray(fc.record({ name: fc.constantFrom(...CHANNELS), isReachable: fc.boolean() }), {
    selector: ({ name }) => name,
  }),
});
const RUNS = { numRuns: 2_000 };

/** The hour that a clock on the wall shows, by what the platform itself knows of time zones. */
function hourIn(timezone: string, at: Date): number {
  const [part] = clocks.get(timezone)?.formatToParts(at) ?? [];
  return Number(part?.value) % 24;
}
const clocks = new Map(
  [
    BERLIN,
    'America/New_York',
    'America/Santiago',
    'Australia/Lord_Howe',
    'Pacific/Chatham',
    'Asia/Kathmandu',
    'UTC',
    'Africa/Cairo',
    'Asia/Beirut',
  ].map((timeZone) => [timeZone, new Intl.DateTimeFormat('en-US', { timeZone, hour: 'numeric', hourCycle: 'h23' })]),
);
const isQuiet = (at: Date, { from, to }: Quiet, timezone: string) => {
  const hour = hourIn(timezone, at);
  return from < to ? hour >= from && hour < to : hour >= from || hour < to;
};

describe('whatever was set, and whenever it is', () => {
  test('nobody is told what they may not see, did themselves, or what is over', () => {
    fc.assert(
      fc.property(question, (it) => {
        if (it.mayRead && !it.isOwnAct && !it.isOver) return;
        expect(decide(it).decision).toBe('none');
      }),
      RUNS,
    );
  });

  test('what is critical is never held and never waits for a digest', () => {
    fc.assert(
      fc.property(question, (it) => {
        const decided = decide({ ...it, tier: 'critical' });
        expect(['sent', 'none']).toContain(decided.decision);
        const isTold = it.mayRead && !it.isOwnAct && !it.isOver && it.channels.some(({ isReachable }) => isReachable);
        expect(decided.decision).toBe(isTold ? 'sent' : 'none');
      }),
      RUNS,
    );
  });

  test('what is sent goes to channels that can be reached, to one of them unless it is critical', () => {
    fc.assert(
      fc.property(question, (it) => {
        const decided = decide(it);
        if (decided.decision !== 'sent') return;
        const reachable = it.channels.filter(({ isReachable }) => isReachable).map(({ name }) => name);
        expect(reachable).toEqual(expect.arrayContaining(decided.channels));
        expect(decided.channels.length).toBe(it.tier === 'critical' ? reachable.length : 1);
      }),
      RUNS,
    );
  });

  test('nothing that can wait comes in quiet hours, and nothing for information at once', () => {
    fc.assert(
      fc.property(question, (it) => {
        const decided = decide(it);
        if (it.tier === 'informational') expect(['digest', 'none']).toContain(decided.decision);
        const { quiet } = it.settings;
        if (!quiet || it.tier === 'critical') return;
        const comes = decided.decision === 'held' ? decided.until : decided.decision === 'digest' ? decided.at : it.now;
        if (decided.decision !== 'none') expect(isQuiet(comes, quiet, it.timezone)).toBe(false);
      }),
      RUNS,
    );
  });

  test('quiet hours last until the first moment that is not quiet, also when clocks are set forward or back', () => {
    fc.assert(
      fc.property(moment, hours, zone, (now, one, timezone) => {
        const end = quietUntil(now, one, timezone);

        expect(end !== null).toBe(isQuiet(now, one, timezone));
        if (!end) return;
        expect(isQuiet(end, one, timezone)).toBe(false);
        for (let at = now.getTime(); at < end.getTime(); at += 5 * 60_000)
          expect(isQuiet(new Date(at), one, timezone)).toBe(true);
        expect(isQuiet(new Date(end.getTime() - 1), one, timezone)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a digest comes once on each day, or each Monday, and at the hour that was set unless that day lacks it', () => {
    const dayIn = (at: Date, timeZone: string) => at.toLocaleDateString('sv-SE', { timeZone });
    fc.assert(
      fc.property(moment, fc.integer({ min: 0, max: 23 }), fc.boolean(), zone, (now, hour, weekly, timezone) => {
        const when = { hour, weekly };
        const first = nextDigest(now, when, timezone);
        const second = nextDigest(first, when, timezone);

        expect(first.getTime()).toBeGreaterThan(now.getTime());
        // Asked at any moment before it, it is the same one; so nobody gets two, and nobody none.
        const between = new Date((now.getTime() + first.getTime()) / 2);
        expect(nextDigest(between, when, timezone)).toEqual(first);
        const days = (Date.parse(dayIn(second, timezone)) - Date.parse(dayIn(first, timezone))) / 86_400_000;
        expect(days).toBe(weekly ? 7 : 1);
        if (weekly) expect(new Date(`${dayIn(first, timezone)}T00:00:00Z`).getUTCDay()).toBe(1);
        expect([hour, (hour + 1) % 24]).toContain(hourIn(timezone, first));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('on the days on which clocks are set', () => {
  const inBerlin = (now: string, one: Quiet) => quietUntil(new Date(now), one, BERLIN)?.toISOString();

  test('quiet hours that end in the hour that is left out end when it is over', () => {
    expect(inBerlin('2027-03-28T00:30:00Z', { from: 22, to: 2 })).toBe('2027-03-28T01:00:00.000Z');
  });

  test('quiet hours that begin again when clocks are set back go on', () => {
    expect(inBerlin('2027-10-30T23:30:00Z', { from: 22, to: 3 })).toBe('2027-10-31T02:00:00.000Z');
  });

  test('a digest in the hour that comes twice comes once', () => {
    const first = nextDigest(new Date('2027-10-30T22:00:00Z'), { hour: 2, weekly: false }, BERLIN);

    expect(first.toISOString()).toBe('2027-10-31T00:00:00.000Z');
    expect(nextDigest(first, { hour: 2, weekly: false }, BERLIN).toISOString()).toBe('2027-11-01T01:00:00.000Z');
  });
});
