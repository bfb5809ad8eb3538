import { there } from '../kernel/thing-definition.ts';
import { writeCounted } from './booking.ts';
import { timeText } from './duration.ts';
import { deleted, entry } from './entry.ts';
import { writeEntry } from './entry-queries.ts';
import { book } from './month.ts';
import { readPeriod } from './period-queries.ts';
import { isOpenEntry, mayChange } from './rules.ts';

/** It was not worked: it counts for nothing from now on, and stays on record. */
export const deleteEntry = entry.command({
  name: 'entry.delete',
  button: { label: 'Delete', style: 'danger', place: 'more' },
  who: mayChange,
  when: isOpenEntry,
  handle: async (context, _input, it) => {
    const before = there(await readPeriod(context, it.periodId));
    const line = before.entries.find(({ id }) => id === it.id) ?? null;
    const { events } = await writeCounted(context, before, book(before, line, null));
    const after = { ...it, version: it.version + 1, isDeleted: true };
    await writeEntry(context, after);
    return { events: [deleted.of(it, after), ...events], after, say: `${timeText(it.minutes)} are deleted.` };
  },
});
