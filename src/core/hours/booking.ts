import type { Actor } from '../kernel/actor.ts';
import type { Context } from '../kernel/context.ts';
import type { NewEvent } from '../kernel/event.ts';
import { timeText } from './duration.ts';
import type { Entry } from './entry-schema.ts';
import { agreedOf, notAgreedOf, usedOf, warn } from './month.ts';
import { counted, warned } from './period.ts';
import { writePeriod } from './period-queries.ts';
import type { Line, Period } from './period-schema.ts';
import { mayRead } from './rules.ts';
import { monthText } from './wording.ts';

/** An entry as it stands in its month; none where it does not count for the client. */
export function lineOf(entry: Omit<Line, 'isBeyond'> & Pick<Entry, 'billable'>): Omit<Line, 'isBeyond'> | null {
  const { id, personId, personName, day, minutes, note, part, billable } = entry;
  return billable ? { id, personId, personName, day, minutes, note, part } : null;
}

/** Whether the client has seen it, or sees it from now on: what counts in a month that was sent. */
export function isSeen({ state }: Period, { billable, isShared }: Pick<Entry, 'billable' | 'isShared'>): boolean {
  return isShared || (billable && state.status !== 'open');
}

/** Whether an entry went beyond what was agreed, as its month says. */
export function isBeyondIn({ entries }: Period, id: string): boolean {
  return entries.some((line) => line.id === id && line.isBeyond);
}

/** Writes a month of which something is different, and what follows from that: the team is told before it is used up. */
export async function writeCounted(
  context: Context,
  before: Period,
  decided: Period,
  event: typeof counted = counted,
): Promise<{ after: Period; events: [NewEvent, ...NewEvent[]] }> {
  const { after: noted, level } = warn(decided);
  const after = { ...noted, version: before.version + 1 };
  await writePeriod(context, before, after);
  const told = level === null ? [] : [warned.of(before, after, { level })];
  return { after, events: [event.of(before, after), ...told] };
}

/**
 * What whoever logs is told of the month: how far it is, and what the client has not agreed to. Figures are for those who may
 * read billing.
 */
export function standText(period: Period, actor: Actor): string {
  const agreed = agreedOf(period);
  if (agreed === null) return '';
  const over = notAgreedOf(period);
  const name = monthText(period.month);
  if (!mayRead(actor, period))
    return over ? ` More than was agreed on is worked in ${name}. Ask before you go on.` : '';
  if (over) return ` ${timeText(over)} of ${name} are not agreed on. Ask the client for more hours before you go on.`;
  return ` ${timeText(agreed - usedOf(period))} are left in ${name}.`;
}
