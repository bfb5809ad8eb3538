import { describe, expect, test } from '@jest/globals';
import { STORIES, stepKey } from './index.ts';
import type { Story } from './story.ts';
import { STALE_PRESS } from './story.ts';
import type { Happened, Known } from './ticks.ts';
import { eventsWanted, seenWanted, tickedSteps } from './ticks.ts';

const AT = new Date('2026-11-02T10:00:00Z');
const later = (days: number) => new Date(AT.getTime() + days * 86_400_000);

const happened = (name: string, more: Partial<Happened> = {}): Happened => ({
  ...{ name, at: AT, data: {}, subject: null },
  actor: { name: 'Marcus Reed', kind: 'person', channel: 'teams' },
  ...more,
});
const known = (events: Happened[], more: Partial<Known> = {}): Known => ({ events, seen: [], now: AT, ...more });

const story: Story = {
  key: 'one',
  title: 'One',
  steps: [
    {
      ...{ key: 'pay', what: 'Pay', find: { write: true } },
      ticks: { event: 'invoice.paid', about: 'Gift cards', with: { kind: 'invoice' } },
    },
    { key: 'wait', what: 'Wait', find: { bar: '+1 week' }, ticks: { passed: 7, since: 'pay' } },
    { key: 'own', what: 'Approve', find: { write: true }, ticks: { event: 'cycle.approved', by: 'marcus' } },
    { key: 'tool', what: 'Comment', find: { issue: true }, ticks: { event: 'ticket.replied', by: 'integration' } },
    { key: 'mail', what: 'Answer', find: { write: true }, ticks: { event: 'ticket.replied', channel: 'email' } },
    { key: 'old', what: 'Press', find: { bar: 'Recorded presses' }, ticks: { seen: STALE_PRESS } },
  ],
};
const paid = happened('invoice.paid', { subject: 'Gift cards for the shop', data: { kind: 'invoice' } });

describe('a step is ticked', () => {
  test('by an event about its thing with its values, and by none of another', () => {
    expect(tickedSteps([story], known([paid]))).toEqual(['one/pay']);
    for (const other of [
      { data: { kind: 'deposit' } },
      { subject: 'Basket' },
      { subject: null },
      { name: 'invoice.issued' },
    ])
      expect(tickedSteps([story], known([{ ...paid, ...other }]))).toEqual([]);
  });

  test('by what its person did, by a tool, or by a channel', () => {
    expect(tickedSteps([story], known([happened('cycle.approved')]))).toEqual(['one/own']);
    const actor = { name: 'Priya Raman', kind: 'person', channel: 'email' };
    expect(tickedSteps([story], known([happened('cycle.approved', { actor })]))).toEqual([]);
    expect(tickedSteps([story], known([happened('ticket.replied', { actor })]))).toEqual(['one/mail']);
    const tool = { name: 'jira', kind: 'integration', channel: 'jira' };
    expect(tickedSteps([story], known([happened('ticket.replied', { actor: tool })]))).toEqual(['one/tool']);
  });

  test('by days that passed since another step, and not before that step', () => {
    expect(tickedSteps([story], known([], { now: later(30) }))).toEqual([]);
    expect(tickedSteps([story], known([paid], { now: later(6.9) }))).toEqual(['one/pay']);
    expect(tickedSteps([story], known([paid], { now: later(7) }))).toEqual(['one/pay', 'one/wait']);
  });

  test('by what left no event', () => {
    expect(tickedSteps([story], known([], { seen: [STALE_PRESS] }))).toEqual(['one/old']);
  });
});

test('what has to be watched follows from the stories', () => {
  expect(eventsWanted([story])).toEqual(['invoice.paid', 'cycle.approved', 'ticket.replied']);
  expect(seenWanted([story])).toEqual([STALE_PRESS]);
});

describe('the stories of the demo', () => {
  test('have steps of their own, and name no step that is not there', () => {
    const keys = STORIES.flatMap(({ key, steps }) => steps.map((step) => stepKey(key, step.key)));
    expect(new Set(keys).size).toBe(keys.length);
    for (const { steps } of STORIES)
      for (const { ticks } of steps) if ('since' in ticks) expect(steps.map(({ key }) => key)).toContain(ticks.since);
  });

  test('say what to press on every pane where something is to be done, in two places at least', () => {
    for (const { key, steps } of STORIES) {
      const panes = steps.flatMap(({ pane }) => pane ?? []);
      expect([key, new Set(panes).size > 1]).toEqual([key, true]);
      for (const { pane, here } of steps) expect(Boolean(here)).toBe(Boolean(pane));
    }
  });
});
