import { wrong } from '../kernel/faults.ts';
import { optional } from '../kernel/field.ts';
import { refusal, there } from '../kernel/thing-definition.ts';
import { isBeyondIn, isSeen, lineOf, standText, writeCounted } from './booking.ts';
import { timeText } from './duration.ts';
import { changed, entry } from './entry.ts';
import { minutesOn, writeEntry } from './entry-queries.ts';
import type { Entry } from './entry-schema.ts';
import { timezoneOf } from './ground.ts';
import { billable, minutesOf, note, requireBegun, requireRoom, time, worked } from './log-fields.ts';
import { book } from './month.ts';
import { readPeriod } from './period-queries.ts';
import { isOpenEntry, mayChange } from './rules.ts';
import { monthText } from './wording.ts';

/** Corrects what was logged, inside its month: what belongs to another month or project is deleted, and logged there. */
export const changeEntry = entry.command({
  name: 'entry.change',
  fields: { time: optional(time), note: optional(note), day: optional(worked), billable: optional(billable) },
  button: { label: 'Change' },
  rank: 1,
  form: (it) => ({
    submit: 'Save',
    values: { time: timeText(it.minutes), note: it.note, day: it.day, billable: it.billable ? 'yes' : 'no' },
  }),
  who: mayChange,
  when: isOpenEntry,
  handle: async (context, typed, it) => {
    const after: Entry = {
      ...it,
      version: it.version + 1,
      minutes: typed.time === undefined ? it.minutes : minutesOf('time', typed.time),
      note: typed.note ?? it.note,
      day: typed.day ?? it.day,
      billable: typed.billable === undefined ? it.billable : typed.billable === 'yes',
    };
    requirePossible(it, after);
    if (after.day !== it.day) requireBegun(after.day, context.now, await timezoneOf(context, it.personId));
    const others = await minutesOn(context, it.personId, after.day);
    requireRoom(after.minutes, after.day === it.day ? others - it.minutes : others);
    const before = there(await readPeriod(context, it.periodId));
    const line = before.entries.find(({ id }) => id === it.id) ?? null;
    const { after: month, events } = await writeCounted(context, before, book(before, line, lineOf(after)));
    const written = { ...after, isBeyond: isBeyondIn(month, it.id), isShared: isSeen(before, after) };
    await writeEntry(context, written);
    const say = `It is ${timeText(written.minutes)} now.${standText(month, context.actor)}`;
    return { events: [changed.of(it, written), ...events], after: written, say };
  },
});

/** @throws DomainError where nothing is different, or where it would belong or tell elsewhere */
function requirePossible(it: Entry, after: Entry): void {
  const content = ['minutes', 'note', 'day'] as const;
  const isSame = content.every((name) => after[name] === it[name]);
  if (isSame && after.billable === it.billable) throw refusal(entry, it, 'Nothing is different: it stays as it is.');
  if (after.day.slice(0, 7) !== it.month)
    throw wrong({ day: `is not in ${monthText(it.month)}; delete this, and log it anew` });
  // The client is told what was taken out by the entry itself: what is written of it later would be told as well.
  if (it.isShared && !after.billable && !isSame)
    throw wrong({
      billable: 'the client has seen this: where it does not count it stays so. Log what is new by itself',
    });
}
