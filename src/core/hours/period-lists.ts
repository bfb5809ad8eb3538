import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import type { ListItem } from '../kernel/card.ts';
import { choice, optional } from '../kernel/field.ts';
import { list } from '../kernel/list.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { isTeam } from '../people/index.ts';
import { budgetButton, logButton } from './buttons.ts';
import { timeText } from './duration.ts';
import { readGround } from './ground.ts';
import { period as periodThing } from './period.ts';
import { usedText } from './period-cards.ts';
import { pageOfPeriods } from './period-list-queries.ts';
import { ListedPeriod, STATUSES } from './period-schema.ts';
import { mayLog, mayRead, runsHours } from './rules.ts';
import { LABELS, monthText } from './wording.ts';

const BY_MONTH = { by: { month: 'day', id: 'id' }, isDown: true } as const;

/** The months of all projects that the actor may see, the last one first. */
export const listPeriods = list({
  name: 'period.list',
  module: 'billing',
  word: { say: 'hours', label: 'Hours', about: 'what was planned and worked in each month' },
  filters: { status: optional(choice(STATUSES, { label: 'State', labels: LABELS })) },
  item: ListedPeriod,
  summary: z.strictObject({}),
  order: BY_MONTH,
  rows: (context, page, { status }) => pageOfPeriods(context, page, { status }),
  summarize: async () => ({}),
  face: (_list, { actor }) => ({
    title: 'Hours',
    line: (item) => monthLine(item, true, actor),
    empty: isTeam(actor) ? 'Nothing is logged yet. Log what you worked.' : 'No month was sent to you yet.',
    actions: [...(isTeam(actor) ? [logButton()] : []), ...(runsHours(actor) ? [budgetButton()] : [])],
    fallback: 'Hours.',
  }),
});

/** The months of one project. */
export const listOfProject = list({
  name: 'period.of-project',
  module: 'billing',
  within: { project: z.uuid() },
  item: ListedPeriod,
  summary: z.strictObject({ projectName: z.string().describe('What the project is called') }),
  order: BY_MONTH,
  rows: (context, page, { project }) => pageOfPeriods(context, page, { project }),
  summarize: async (context, { project }) => {
    const { projectName } = there(await readGround(context, project));
    allow(mayRead(context.actor, { projectId: project }));
    return { projectName };
  },
  face: ({ summary: { projectName } }, { actor }, { project }) => ({
    title: `Hours of ${projectName}`,
    line: (item) => monthLine(item, false, actor),
    empty: isTeam(actor) ? 'Nothing is logged yet. Log what you worked.' : 'No month was sent to you yet.',
    actions: [
      ...(mayLog(actor, { projectId: project }) ? [logButton({ project })] : []),
      ...(runsHours(actor) ? [budgetButton({ project })] : []),
    ],
    fallback: `Hours of ${projectName}.`,
    about: { entity: 'project', id: project, version: 0 },
  }),
});

function monthLine(item: ListedPeriod, withProject: boolean, actor: Actor): ListItem {
  const { id, month, status: stands, used, invoiced, projectName, clientName } = item;
  const detail = [
    LABELS[stands],
    usedText(item, used),
    ...(invoiced === null ? [] : [`${timeText(invoiced)} invoiced`]),
    ...(withProject ? [projectName] : []),
    ...(withProject && isTeam(actor) ? [clientName] : []),
  ];
  return {
    text: monthText(month),
    detail: detail.join(' · '),
    mark: stands === 'signed' ? 'done' : 'open',
    button: periodThing.opening(id),
  };
}
