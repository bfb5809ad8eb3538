import { z } from 'zod';
import type { Actor } from '../kernel/actor.ts';
import type { Button, ListItem } from '../kernel/card.ts';
import { dayText } from '../kernel/dates.ts';
import { choice, optional } from '../kernel/field.ts';
import type { Face } from '../kernel/list.ts';
import { list } from '../kernel/list.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { isFirm, isTeam } from '../people/index.ts';
import { countRequirements, pageOfRequirements, STATES } from './list-queries.ts';
import { readGround } from './queries.ts';
import { requirement as thing } from './requirement.ts';
import { mayRead } from './rules.ts';
import { Counts, ListedRequirement } from './schema.ts';
import { called, KIND_LABELS, LABELS } from './wording.ts';

const state = optional(choice(STATES, { label: 'State' }));
const counted = Counts.describe('Those of the project that the reader may see');

/** What a project needs of its client: what is due first stands first, then what the firm is to look at. */
export const listRequirements = list({
  name: 'requirement.list',
  module: 'projects',
  within: { project: z.uuid() },
  filters: { state },
  item: ListedRequirement,
  summary: z.strictObject({ projectName: z.string().describe('What the project is called'), counts: counted }),
  order: { by: { by_due: 'number', number: 'number' } },
  rows: (context, page, { project, state }) => pageOfRequirements(context, project, page, state),
  summarize: async (context, { project }) => {
    const { projectName } = there(await readGround(context, project));
    allow(mayRead(context.actor, { projectId: project }));
    return { projectName, counts: await countRequirements(context, project) };
  },
  face: ({ summary: { projectName, counts } }, { actor }, { project }) => ({
    ...faceOf(`Needed for ${projectName}`, counts, actor, project),
    about: { entity: 'project', id: project, version: 0 },
  }),
});

/** What is needed in all projects that the actor may see. */
export const listAll = list({
  name: 'requirement.all',
  module: 'projects',
  word: { say: 'needed', label: 'What is needed', about: 'what the firm needs of its clients' },
  filters: { state },
  item: ListedRequirement,
  // Of all projects together nothing is counted: that would read them all.
  summary: z.strictObject({}),
  order: { by: { by_due: 'number', number: 'number' } },
  rows: (context, page, { state }) => pageOfRequirements(context, undefined, page, state),
  summarize: async () => ({}),
  face: (_list, { actor }) => ({ title: 'What is needed', ...linesFor(actor, undefined), fallback: 'What is needed.' }),
});

function faceOf(title: string, counts: Counts, actor: Actor, project: string): Face<ListedRequirement> {
  return {
    title,
    tone: counts.overdue ? 'attention' : 'neutral',
    status: counts.open ? `${counts.open} needed` : 'Nothing is needed',
    lead: [
      {
        kind: 'facts',
        facts: [
          { label: 'Overdue', value: String(counts.overdue) },
          { label: LABELS.provided, value: String(counts.provided) },
        ],
      },
    ],
    ...linesFor(actor, project),
    fallback: `${title}: ${counts.open} needed, ${counts.overdue} overdue, ${counts.provided} provided.`,
  };
}

function linesFor(actor: Actor, project: string | undefined) {
  return {
    line: (item: ListedRequirement) => lineOf(item, actor, project === undefined),
    empty: isFirm(actor) ? 'Nothing was asked for yet. Ask for the first thing.' : 'Nothing is needed of you here.',
    actions: isTeam(actor) ? [askButton(project)] : [],
  };
}

function lineOf(item: ListedRequirement, actor: Actor, withProject: boolean): ListItem {
  const { id, number, title, status, kind, dueOn, isOverdue } = item;
  const over = status === 'accepted' || status === 'withdrawn';
  return {
    text: `${called(item)} ${title}`,
    detail: [
      LABELS[status],
      KIND_LABELS[kind].toLowerCase(),
      ...(dueOn && !over ? [`${isOverdue ? 'overdue since' : 'needed by'} ${dayText(dueOn)}`] : []),
      ...(withProject ? [item.projectName] : []),
      ...(withProject && isFirm(actor) ? [item.clientName] : []),
    ].join(' · '),
    mark: status === 'accepted' ? 'done' : status === 'withdrawn' ? 'removed' : 'open',
    button: thing.opening(id, 'Open', `OPEN${number}`),
  };
}

function askButton(project: string | undefined): Button {
  const input: Record<string, string> = project ? { project } : {};
  return { kind: 'button', label: 'Ask for something…', word: 'ASK', press: { target: 'requirement.ask', input } };
}
