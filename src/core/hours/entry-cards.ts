import type { Actor } from '../kernel/actor.ts';
import type { Card } from '../kernel/card.ts';
import { dayText } from '../kernel/dates.ts';
import { isTeam } from '../people/index.ts';
import { timeText } from './duration.ts';
import { entry as thing } from './entry.ts';
import type { Entry } from './entry-schema.ts';
import { mayRead } from './rules.ts';
import { monthText } from './wording.ts';

/** What was worked, and what this actor may do about it. */
export function entryCard(entry: Entry, actor: Actor): Card {
  const { minutes, note, projectName, personName, day } = entry;
  return {
    title: `${timeText(minutes)}: ${note}`,
    tone: entry.isBeyond ? 'attention' : 'neutral',
    ...statusOf(entry),
    blocks: [
      ...(entry.isBeyond
        ? [{ kind: 'text' as const, text: 'When it was logged, it went beyond what was agreed for the month.' }]
        : []),
      { kind: 'facts', facts: factsOf(entry, actor) },
    ],
    actions: [...thing.buttons(entry, actor), ...(mayRead(actor, entry) ? [monthButton(entry)] : [])],
    fallback: `${personName} worked ${timeText(minutes)} for ${projectName} on ${dayText(day)}: ${note}`,
    about: { entity: 'entry', id: entry.id, version: entry.version },
  };
}

function statusOf({ isDeleted, closed, billable }: Entry): { status?: string } {
  if (isDeleted) return { status: 'Deleted' };
  if (closed) return { status: closed === 'signed' ? 'Signed' : 'Invoiced' };
  return billable ? {} : { status: 'Does not count' };
}

function factsOf(entry: Entry, actor: Actor): { label: string; value: string }[] {
  const { projectName, clientName, part, personName, day, loggedBy } = entry;
  const facts: [string, string | null][] = [
    ['Project', isTeam(actor) ? `${projectName} (${clientName})` : projectName],
    ['For', part],
    ['Who', personName],
    ['Day', dayText(day)],
    ['Logged by', loggedBy === personName ? null : loggedBy],
  ];
  return facts.flatMap(([label, value]) => (value ? [{ label, value }] : []));
}

function monthButton({ periodId, month }: Entry) {
  const press = { target: 'period.show', input: { period: periodId } };
  return { kind: 'button' as const, label: monthText(month), word: 'MONTH', place: 'more' as const, press };
}
