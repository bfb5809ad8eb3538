import { daysAfter, endOfDay, hourOfDay } from '../kernel/dates.ts';
import { isOpen } from './rules.ts';
import type { Requirement } from './schema.ts';

/** When the client is reminded, in days after the day by which it is needed. */
const REMINDER_DAYS: readonly number[] = [-3, 0, 3, 10];
/** The hour at which they are, where the client is. */
const HOUR = 9;
/** Whoever was just asked, or told what is wrong, needs no reminder of it. */
const REST = 24 * 60 * 60_000;

type Due = Pick<Requirement, 'state' | 'dueOn' | 'timezone' | 'createdAt' | 'remindedAt' | 'overdueAt'>;

/** A moment at which the client is reminded. */
interface Reminder {
  days: number;
  at: Date;
}

/** The reminders that were not sent yet: those that have passed while a later one was sent are not sent any more. */
function comingReminders(it: Due): Reminder[] {
  const { dueOn, timezone } = it;
  if (!isOpen(it) || dueOn === null) return [];
  const from = quietUntil(it);
  return REMINDER_DAYS.map((days) => ({ days, at: hourOfDay(daysAfter(dueOn, days), HOUR, timezone) })).filter(
    ({ at }) => at.getTime() > from,
  );
}

function quietUntil({ state, createdAt, remindedAt }: Due): number {
  const told = state.status === 'returned' ? state.settled.at : createdAt;
  return Math.max(told.getTime() + REST, remindedAt?.getTime() ?? 0);
}

/** The reminder that is due now: of several the last one, so that a hub that was off reminds once. */
export function reminderDue(it: Due, now: Date): Reminder | null {
  return comingReminders(it).findLast(({ at }) => at <= now) ?? null;
}

/** Its day is over where the client is, and it was not provided. */
function isLate(it: Pick<Due, 'state' | 'dueOn' | 'timezone'>, now: Date): boolean {
  return isOpen(it) && it.dueOn !== null && endOfDay(it.dueOn, it.timezone) <= now;
}

/** It became overdue, and nobody noted that yet. */
export function isOverdueNew(it: Due, now: Date): boolean {
  return it.overdueAt === null && isLate(it, now);
}

/** When there is something to do about it by itself; null where there is nothing, like once it is provided. */
export function lookAtOf(it: Due): Date | null {
  const { dueOn, timezone, overdueAt } = it;
  const moments = comingReminders(it).map(({ at }) => at);
  if (isOpen(it) && dueOn !== null && overdueAt === null) moments.push(endOfDay(dueOn, timezone));
  return moments.reduce<Date | null>((first, at) => (first === null || at < first ? at : first), null);
}
