import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import type { ListItem } from '../kernel/card.ts';
import { dayText } from '../kernel/dates.ts';
import { choice, optional } from '../kernel/field.ts';
import { list } from '../kernel/list.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { isFirm, isTeam, may } from '../people/index.ts';
import { logButton } from './buttons.ts';
import { timeText } from './duration.ts';
import { entry as entryThing } from './entry.ts';
import { pageOfPeriod, pageOfPerson, readPeriodName, readWorked, SPANS } from './entry-list-queries.ts';
import { ListedEntry } from './entry-schema.ts';
import { period as periodThing } from './period.ts';
import { isOwn, mayRead } from './rules.ts';
import { monthText } from './wording.ts';

const SPAN_LABELS = { week: 'This week', month: 'This month', 'last-month': 'Last month' } as const;
const BY_DAY = { by: { day: 'day', id: 'id' }, isDown: true } as const;

/** What was worked in a project's month, the last day first. */
export const listOfPeriod = list({
  name: 'entry.of-period',
  module: 'projects',
  within: { period: z.uuid() },
  item: ListedEntry,
  summary: z.strictObject({
    projectName: z.string().describe('What the project is called'),
    month: z.string().describe('The month, like 2026-11'),
  }),
  order: BY_DAY,
  rows: async (context, page, { period }) => {
    const { projectId: project } = there(await readPeriodName(context, period));
    return pageOfPeriod(context, page, { period, project });
  },
  summarize: async (context, { period }) => {
    const { projectId, ...name } = there(await readPeriodName(context, period));
    allow(isFirm(context.actor) || mayRead(context.actor, { projectId }));
    return name;
  },
  face: ({ summary: { projectName, month } }, { actor }, { period }) => ({
    title: `Entries of ${monthText(month)}`,
    lead: [{ kind: 'text', text: projectName, subtle: true }],
    line: (item) => lineOf(item, false),
    empty: 'Nothing is logged in this month.',
    actions: [periodThing.opening(period, 'The month', 'MONTH'), ...(isTeam(actor) ? [logButton()] : [])],
    fallback: `Entries of ${monthText(month)}, ${projectName}.`,
    about: { entity: 'period', id: period, version: 0 },
  }),
});

/** What somebody of the team worked, in all projects; of whoever may not read billing, for themselves alone. */
export const listOfPerson = list({
  name: 'entry.of-person',
  module: 'projects',
  within: { person: z.uuid() },
  filters: {
    span: optional(choice(SPANS, { label: 'When', labels: SPAN_LABELS })),
  },
  item: ListedEntry,
  summary: z.strictObject({
    name: z.string().describe('What they are called'),
    minutes: z.int().describe('How long they worked in that span, or this month'),
  }),
  order: BY_DAY,
  rows: async (context, page, narrowing) => {
    allow(mayLookAt(context.actor, narrowing.person));
    return pageOfPerson(context, page, narrowing);
  },
  summarize: async (context, { person, span }) => {
    allow(mayLookAt(context.actor, person));
    return there(await readWorked(context, person, span));
  },
  face: ({ summary: { name, minutes } }, _drawing, { span = 'month' }) => ({
    title: `Hours of ${name}`,
    status: `${SPAN_LABELS[span]}: ${timeText(minutes)}`,
    line: (item) => lineOf(item, true),
    empty: 'They have logged nothing yet.',
    fallback: `Hours of ${name}.`,
  }),
});

function mayLookAt(actor: Actor, personId: string): boolean {
  return isFirm(actor) && (may(actor, 'read', 'billing') || isOwn(actor, { personId }));
}

function lineOf(item: ListedEntry, withProject: boolean): ListItem {
  const { id, day, minutes, note, billable, personName, projectName, part, isBeyond } = item;
  const detail = [
    dayText(day),
    withProject ? projectName : personName,
    ...(part ? [part] : []),
    ...(billable ? [] : ['does not count']),
    ...(isBeyond ? ['beyond what was agreed'] : []),
  ];
  return {
    text: `${timeText(minutes)} ${note}`,
    detail: detail.join(' · '),
    ...(isBeyond ? { mark: 'changed' as const } : {}),
    button: entryThing.opening(id),
  };
}
