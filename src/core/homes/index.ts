import { z } from 'zod';
import { sideOf } from '../kernel/actor.ts';
import type { Area } from '../kernel/registry.ts';
import { view } from '../kernel/view.ts';
import { listOf } from '../kernel/words.ts';
import { helpCard, workCard } from './cards.ts';
import { waitingFor } from './queries.ts';
import { setup } from './setup.ts';

/** What can be said and pressed here. */
const help = view({
  name: 'home.help',
  module: null,
  word: { say: 'help', label: 'Show help', about: 'this list' },
  // Somebody who is not linked yet may ask for help; who they are is put in by the channel and not used.
  input: z.object({}),
  unlinked: true,
  show: async ({ newId }, _input, { words }) => helpCard(newId(), listOf(words)),
});

/** What waits for the person who asks. */
const work = view({
  name: 'home.work',
  module: null,
  word: { say: 'work', also: ['my work'], label: 'Show my work', about: 'what waits for you' },
  input: z.object({}),
  show: async (context) => workCard(context.newId(), context.actor, await waitingFor(context)),
});

/** What needs doing next, for each kind of person. */
export const homes: Area = {
  name: 'homes',
  commands: [],
  views: [work, help, setup],
  reactions: [],
  announcements: [],
  menu: [
    { label: 'My work', press: { target: 'home.work', input: {} } },
    { label: 'Set up', press: { target: 'home.setup', input: {} }, who: (actor) => sideOf(actor) === 'staff' },
    { label: 'Help', press: { target: 'home.help', input: {} } },
  ],
  shows: {},
  answers: {},
  schedules: [],
};
