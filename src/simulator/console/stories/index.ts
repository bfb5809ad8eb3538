import { DEMO_GUEST, DEMO_PEOPLE } from '../../../../prisma/demo-firm.ts';
import { approvalsStory } from './approvals.ts';
import { hoursStory } from './hours.ts';
import { lookStory } from './look.ts';
import { noticesStory } from './notices.ts';
import { quoteStory } from './quote.ts';
import { requirementsStory } from './requirements.ts';
import { scopeStory } from './scope.ts';
import type { PaneId, Step, Story } from './story.ts';

/** What there is to try, in the order in which the page lists it. */
export const STORIES: readonly Story[] = [
  quoteStory,
  requirementsStory,
  hoursStory,
  approvalsStory,
  noticesStory,
  lookStory,
  scopeStory,
];

const TOOLS: Readonly<Record<PaneId, string>> = {
  'client-slack': 'in Slack',
  'client-teams': 'in Teams',
  'client-discord': 'in Discord',
  'client-mail': 'by mail',
  'firm-slack': 'in the triage room',
  'firm-teams': 'in Teams',
  'firm-jira': 'in Jira',
};

/** The stories as the page draws them: with names in words, and without what ticks them. */
export function shownStories(): unknown {
  return STORIES.map(({ key, title, steps }) => ({ key, title, steps: steps.map((step) => shownStep(key, step)) }));
}

function shownStep(story: string, { key, what, hint, here, pane, as, find }: Step) {
  const name = as && nameOf(as);
  const who = name ? [name.split(' ')[0]] : [];
  const where = pane ? [TOOLS[pane]] : ['in the bar on top'];
  const how = [[...who, ...where].join(' '), ...(hint ? [hint] : [])].join(': ');
  return { key: stepKey(story, key), what, how, here, pane, as: name, find };
}

/** A step among those of all stories. */
export function stepKey(story: string, step: string): string {
  return `${story}/${step}`;
}

export function nameOf(person: NonNullable<Step['as']>): string {
  return person === 'guest' ? DEMO_GUEST.name : DEMO_PEOPLE[person].name;
}
