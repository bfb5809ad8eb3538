import { z } from 'zod';
import { readThread, Thread, talkViews } from '../conversations/index.ts';
import type { Button } from '../kernel/card.ts';
import type { Context } from '../kernel/context.ts';
import { instant } from '../kernel/instant.ts';
import { allow, there } from '../kernel/thing-definition.ts';
import { view } from '../kernel/view.ts';
import { isFirm } from '../people/index.ts';
import { fileCard, historyCard, requirementCard } from './cards.ts';
import { keptFile, readFile } from './files.ts';
import { readRequirement } from './queries.ts';
import { requirement as thing } from './requirement.ts';
import { mayRead } from './rules.ts';
import { ProvidedFile, Requirement } from './schema.ts';
import { called } from './wording.ts';

/** What is needed, and how it stands. */
export const showRequirement = view({
  name: 'requirement.show',
  module: 'projects',
  input: z.strictObject({ requirement: z.uuid() }),
  output: z.strictObject({
    requirement: Requirement.describe('As it is'),
    thread: Thread.describe('What was said last'),
  }),
  read: async (context, { requirement: id }) => {
    const [requirement, thread] = await Promise.all([found(context, id), readThread(context, { requirement: id })]);
    return { requirement, thread };
  },
  card: ({ requirement, thread }, { actor }) => requirementCard(requirement, actor, thread),
});

export const { showThread, showMessage } = talkViews<Requirement>({
  ...{ thing, shown: Requirement, found, back: backTo },
  named: (it) => `${called(it)} ${it.title}`,
  where: ({ projectName }) => projectName,
});

function backTo(it: Requirement): Button {
  return thing.opening(it.id, `Open ${called(it)}`);
}

async function found(context: Context, id: string): Promise<Requirement> {
  const it = there(await readRequirement(context, id));
  allow(mayRead(context.actor, it));
  return it;
}

/** A file that was provided. The pages hand it out; elsewhere its card leads there. */
export const showFile = view({
  name: 'requirement.file',
  module: 'projects',
  input: z.strictObject({ file: z.uuid() }),
  output: z.strictObject({
    file: ProvidedFile.describe('What it is'),
    requirement: Requirement.describe('What it was provided for'),
  }),
  read: async (context, { file: id }) => {
    const { requirement: about, ...file } = there(await readFile(context, id));
    return { file, requirement: await found(context, about) };
  },
  card: ({ file, requirement }, drawing) => fileCard(file, requirement, drawing),
  kept: (context, { file }) => keptFile(context, file.id),
});

/** What happened to it, for the team: who asked, provided, returned, accepted, and who looked at what is secret. */
export const showHistory = view({
  name: 'requirement.history',
  module: 'projects',
  input: z.strictObject({ requirement: z.uuid() }),
  output: z.strictObject({
    requirement: Requirement.describe('What it happened to'),
    happened: z
      .array(
        z.strictObject({
          at: instant().describe('When it happened'),
          who: z.string().describe('Who did it'),
          text: z.string().describe('What they did'),
        }),
      )
      .describe('The last of it, oldest first'),
  }),
  read: async (context, { requirement: id }) => {
    allow(isFirm(context.actor));
    const requirement = await found(context, id);
    return { requirement, happened: await thing.history(context, id) };
  },
  card: ({ requirement, happened }, { actor }) => historyCard(requirement, happened, actor),
});
