import { DateTime } from 'luxon';
import { z } from 'zod';
import type { Block, Button, Card } from '../kernel/card.ts';
import { dayText, todayOf } from '../kernel/dates.ts';
import { allow } from '../kernel/thing-definition.ts';
import type { Drawing } from '../kernel/view.ts';
import { view } from '../kernel/view.ts';
import { isTeam } from '../people/index.ts';
import { logButton } from './buttons.ts';
import { timeText } from './duration.ts';
import { entry as thing } from './entry.ts';
import { entriesBetween, meIn } from './entry-list-queries.ts';
import { ListedEntry } from './entry-schema.ts';
import { FIRST_DAY } from './log-fields.ts';

const Week = z.strictObject({
  from: z.iso.date().describe('Its first day, a Monday'),
  to: z.iso.date().describe('Its last day'),
  minutes: z.int().describe('What was worked in it'),
  entries: z.array(ListedEntry).describe('In the order of the days'),
});
type Week = z.infer<typeof Week>;

/** What whoever asks worked in a week, day by day. */
export const showWeek = view({
  name: 'entry.week',
  module: 'projects',
  word: { say: 'week', label: 'Show my week', about: 'for the firm: what you worked this week' },
  input: z.strictObject({
    day: z.iso
      .date('is not a date; write it like 2026-11-27')
      .refine((one) => one >= FIRST_DAY, 'is too long ago')
      .optional(),
  }),
  output: Week,
  read: async (context, { day }) => {
    const { actor, now } = context;
    allow(isTeam(actor));
    const days = weekOf(day ?? todayOf(now, actor.timezone));
    const entries = await entriesBetween(context, meIn(context), days);
    return { ...days, minutes: sumOf(entries), entries };
  },
  card: (week, drawing) => weekCard(week, drawing),
});

function weekOf(day: string): { from: string; to: string } {
  const at = DateTime.fromISO(day, { zone: 'utc' });
  return { from: at.startOf('week').toFormat('yyyy-MM-dd'), to: at.endOf('week').toFormat('yyyy-MM-dd') };
}

function sumOf(entries: readonly ListedEntry[]): number {
  return entries.reduce((sum, { minutes }) => sum + minutes, 0);
}

function weekCard({ from, to, minutes, entries }: Week, { newId, actor }: Drawing): Card {
  return {
    title: `Your week of ${dayText(from)}`,
    tone: 'neutral',
    status: timeText(minutes),
    blocks: entries.length ? daysOf(entries) : [{ kind: 'text', text: 'You logged nothing in this week.' }],
    actions: [
      logButton(),
      turn('Week before', 'BEFORE', from, -1),
      turn('Week after', 'AFTER', from, 1),
      ...(actor.kind === 'person' ? [allButton(actor.personId)] : []),
    ],
    fallback: `You worked ${timeText(minutes)} from ${dayText(from)} to ${dayText(to)}.`,
    about: { entity: 'home', id: newId(), version: 0 },
  };
}

function allButton(person: string): Button {
  const press = { target: 'entry.of-person', input: { person } };
  return { kind: 'button', label: 'All weeks', word: 'ALL', place: 'more', press };
}

/** A list for each day on which something was worked. */
function daysOf(entries: readonly ListedEntry[]): Block[] {
  const days = [...new Set(entries.map(({ day }) => day))];
  return days.map((day): Block => {
    const worked = entries.filter((one) => one.day === day);
    const weekday = DateTime.fromISO(day, { zone: 'utc' }).setLocale('en-US').toFormat('cccc');
    return {
      kind: 'list',
      title: `${weekday}, ${dayText(day)}: ${timeText(sumOf(worked))}`,
      items: worked.map(({ id, minutes, note, projectName, billable }) => ({
        text: `${timeText(minutes)} ${note}`,
        detail: billable ? projectName : `${projectName} · does not count`,
        button: thing.opening(id),
      })),
    };
  });
}

function turn(label: string, word: string, from: string, weeks: number): Button {
  const day = DateTime.fromISO(from, { zone: 'utc' }).plus({ weeks }).toFormat('yyyy-MM-dd');
  return { kind: 'button', label, word, press: { target: 'entry.week', input: { day } } };
}
