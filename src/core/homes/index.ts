import { z } from 'zod';
import { sideOf } from '../kernel/actor.ts';
import { area } from '../kernel/registry.ts';
import { view } from '../kernel/view.ts';
import { listOf } from '../kernel/words.ts';
import { leads } from '../people/index.ts';
import { helpCard, workCard } from './cards.ts';
import { showClients, showTeam } from './lists.ts';
import { figuresFor, HomeFigure, HomeProject, projectsFor, Said, WaitingItem, waitingFor } from './queries.ts';
import { setup } from './setup.ts';

/** What can be said and pressed here. */
const help = view({
  name: 'home.help',
  module: null,
  word: { say: 'help', label: 'Show help', about: 'this list' },
  // Somebody who is not linked yet may ask for help; who they are is put in by the channel and not used.
  input: z.object({}),
  unlinked: true,
  output: z.strictObject({ words: z.array(Said).describe('What can be written, and what for') }),
  read: async (_context, _input, { words }) => ({
    words: listOf(words).map(({ say, about }) => ({ say, about })),
  }),
  card: ({ words }, { newId }) => helpCard(newId(), words),
});

/** What waits for the person who asks. */
const work = view({
  name: 'home.work',
  module: null,
  word: { say: 'work', also: ['my work'], label: 'Show my work', about: 'what waits for you' },
  input: z.object({}),
  output: z.strictObject({
    waiting: z.array(WaitingItem).describe('The most pressing first'),
    figures: z.array(HomeFigure).describe('What is counted for whoever asks'),
    projects: z.array(HomeProject).describe('Of whoever works in some of them'),
  }),
  read: async (context, _input, registry) => {
    const [waiting, figures, projects] = await Promise.all([
      waitingFor(context, registry.waiting),
      figuresFor(context, registry.figures),
      projectsFor(context, registry.standings),
    ]);
    return { waiting, figures, projects };
  },
  card: (home, { newId, actor }) => workCard(newId(), actor, home),
});

/** What needs doing next, for each kind of person. */
export const homes = area({
  name: 'homes',
  views: [work, help, setup, showClients, showTeam],
  menu: [
    { label: 'My work', press: { target: 'home.work', input: {} } },
    {
      label: 'How clients stand',
      press: { target: 'home.clients', input: {} },
      who: (actor) => sideOf(actor) === 'staff',
    },
    { label: 'Workload', press: { target: 'home.team', input: {} }, who: leads },
    { label: 'Set up', press: { target: 'home.setup', input: {} }, who: (actor) => sideOf(actor) === 'staff' },
    { label: 'Help', press: { target: 'home.help', input: {} } },
  ],
});
